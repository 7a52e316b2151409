import { Badge } from '@mantine/core';

const colours: Record<string, string> = {
  pending: 'gray',
  posting: 'blue',
  uncertain: 'yellow',
  succeeded: 'teal',
  failed: 'orange',
  blocked: 'red',
  waiting: 'indigo',
  skipped: 'gray',
  running: 'blue',
  cancelled: 'gray',
};

/** A state by its name; the colour only repeats it. */
export function StateBadge({ state }: { state: string }) {
  return (
    <Badge color={colours[state] ?? 'gray'} variant="light" tt="none" style={{ flexShrink: 0, minWidth: 'max-content' }}>
      {state}
    </Badge>
  );
}
