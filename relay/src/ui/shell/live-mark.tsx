import { Badge, Tooltip } from '@mantine/core';
import { useLive } from '../api/index.ts';
import { useWho } from './who.tsx';

/** Keeps all pages up to date; shows itself only while it cannot. */
export function LiveMark() {
  const isLive = useLive(useWho().tenantId);
  return (
    <output>
      {!isLive && (
        <Tooltip label="The line to the relay is broken; it is being opened again. What you see may be old." multiline w={260}>
          <Badge color="yellow" variant="light" tabIndex={0}>
            Offline
          </Badge>
        </Tooltip>
      )}
    </output>
  );
}
