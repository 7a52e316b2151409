import { Stack } from '@mantine/core';
import { Anchors } from './anchors.tsx';
import { Verification } from './verification.tsx';

/** Whether the trail is as it was written, and what proves it to others. */
export function Proof() {
  return (
    <Stack>
      <Verification />
      <Anchors />
    </Stack>
  );
}
