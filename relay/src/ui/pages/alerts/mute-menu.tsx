import { Button, Menu } from '@mantine/core';

const hourMs = 3_600_000;
const spans = [
  { label: 'for an hour', ms: hourMs },
  { label: 'for 8 hours', ms: 8 * hourMs },
  { label: 'for a day', ms: 24 * hourMs },
  { label: 'for a week', ms: 7 * 24 * hourMs },
];

export interface MuteMenuProps {
  /** What would be quiet. */
  about: string;
  until: string | null;
  isBusy: boolean;
  onMute: (until: string | null) => void;
}

/** Nothing is sent for a while; or again, where it is muted. */
export function MuteMenu({ about, until, isBusy, onMute }: MuteMenuProps) {
  if (until !== null)
    return (
      <Button size="xs" variant="default" loading={isBusy} aria-label={`Unmute: ${about}`} onClick={() => onMute(null)}>
        Unmute
      </Button>
    );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="xs" variant="default" loading={isBusy} aria-label={`Mute: ${about}`}>
          Mute
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {spans.map(({ label, ms }) => (
          <Menu.Item key={label} onClick={() => onMute(new Date(Date.now() + ms).toISOString())}>
            Mute {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
