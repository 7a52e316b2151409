import { Anchor, Checkbox, Group, Text } from '@mantine/core';
import { Link } from 'wouter';
import { StateBadge, Time } from '../../shell/index.ts';
import type { RecordItem } from './filters.ts';
import type { FlowName } from './flow-names.ts';
import './records.css';

export const rowHeight = 56;

export interface RecordRowProps {
  record: RecordItem;
  flow: FlowName;
  top: number;
  /** total: -1 where nobody knows yet. */
  place: { index: number; total: number };
  isActive: boolean;
  isSelected: boolean;
  onToggle: () => void;
  onOpen: () => void;
}

export function RecordRow({ record, flow, top, place, isActive, isSelected, onToggle, onOpen }: RecordRowProps) {
  const { id, label, key, version, state, changedAt } = record;
  return (
    <li
      className="records-row"
      data-active={isActive || undefined}
      aria-current={isActive || undefined}
      aria-posinset={place.index + 1}
      aria-setsize={place.total}
      style={{ height: rowHeight, transform: `translateY(${top}px)` }}
    >
      <Checkbox size="xs" checked={isSelected} onChange={onToggle} aria-label={`Select ${label || key}`} />
      <div className="records-state">
        <StateBadge state={state} />
      </div>
      <div className="records-name">
        <Anchor component={Link} href={`/records/${id}`} onClick={onOpen} size="sm" fw={600} truncate display="block">
          {label || key}
        </Anchor>
        <Group gap={6} wrap="nowrap">
          <Text size="xs" c="dimmed" ff="monospace" truncate>
            {key}
          </Text>
          {version > 1 && (
            <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              version {version}
            </Text>
          )}
        </Group>
      </div>
      <div className="records-why">
        <Why record={record} />
      </div>
      <div className="records-flow">
        <Text size="xs" truncate title={flow.title}>
          {flow.title}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {flow.integration}
        </Text>
      </div>
      <Text size="xs" c="dimmed" className="records-time">
        <Time at={changedAt} ago />
      </Text>
    </li>
  );
}

/** Why it stands still, or what became of it. */
function Why({ record: { reasons, targetId, targetLabel, action, nextAttemptAt } }: { record: RecordItem }) {
  const [reason, ...more] = reasons;
  if (reason)
    return (
      <>
        <Text size="xs" lineClamp={nextAttemptAt ? 1 : 2} title={reason.message}>
          {reason.message}
          {more.length > 0 && ` (and ${more.length} more)`}
        </Text>
        {nextAttemptAt && (
          <Text size="xs" c="dimmed">
            next try <Time at={nextAttemptAt} ago />
          </Text>
        )}
      </>
    );
  if (!targetId) return null;
  return (
    <>
      <Text size="xs" truncate>
        {action} {targetLabel}
      </Text>
      <Text size="xs" c="dimmed" ff="monospace" truncate>
        {targetId}
      </Text>
    </>
  );
}
