import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useAction, type Answer } from '../../api/index.ts';
import { ReplayDialog, type Selection } from '../../replay/index.ts';
import { ReasonDialog, useWho } from '../../shell/index.ts';
import { queryOf, type Filters, type RecordState } from './filters.ts';

export interface BulkBarProps {
  filters: Filters;
  counts: Partial<Record<RecordState, number>>;
  /** false: there are more than were counted. */
  isComplete: boolean;
  selected: ReadonlySet<string>;
  onClear: () => void;
  /** Records were skipped or approved. */
  onChanged: () => void;
  onStarted: (replayId: string) => void;
}

const replayedByDefault: readonly RecordState[] = ['blocked', 'failed'];

/** How many were found, and what can be done with those selected, or with all of them. */
export function BulkBar({ filters, counts, isComplete, selected, onClear, onChanged, onStarted }: BulkBarProps) {
  const { may } = useWho();
  const [asking, ask] = useState<'replay' | 'skip' | 'approve'>();
  const [done, setDone] = useState('');
  const recordIds = [...selected];
  const replayed = filters.states.length > 0 ? filters.states : replayedByDefault;
  const inFilter = sumOf(counts, replayed);
  const total = sumOf(counts, filters.states.length > 0 ? filters.states : (Object.keys(counts) as RecordState[]));
  const those = recordsWords(recordIds.length);
  const { state: _states, ...query } = queryOf(filters);
  const selection: Selection = recordIds.length > 0 ? { recordIds } : { filter: { ...query, states: [...replayed] } };
  const close = (): void => ask(undefined);
  return (
    <Group gap="xs" mih={30} justify="space-between">
      <Text size="sm" c="dimmed" component="output">
        {recordIds.length > 0 ? `${those} selected` : `${total.toLocaleString()}${isComplete ? '' : ' or more'} found`}
        {done && ` · ${done}`}
      </Text>
      {may('operator') && (
        <Group gap="xs">
          {recordIds.length > 0 ? (
            <>
              <Button size="xs" onClick={() => ask('replay')}>
                Replay {those} …
              </Button>
              <Button size="xs" variant="default" onClick={() => ask('skip')}>
                Skip …
              </Button>
              <Button size="xs" variant="default" onClick={() => ask('approve')}>
                Approve …
              </Button>
              <Button size="xs" variant="subtle" onClick={onClear}>
                Clear selection
              </Button>
            </>
          ) : (
            inFilter > 0 && (
              <Button size="xs" variant="default" onClick={() => ask('replay')}>
                Replay all {inFilter.toLocaleString()} {replayed.join(' and ')} …
              </Button>
            )
          )}
        </Group>
      )}
      {asking === 'replay' && (
        <ReplayDialog
          title={`Replay ${recordsWords(recordIds.length > 0 ? recordIds.length : inFilter)}`}
          selection={selection}
          onClose={close}
          onStarted={(replayId) => {
            close();
            onClear();
            onStarted(replayId);
          }}
        />
      )}
      {(asking === 'skip' || asking === 'approve') && (
        <Decision
          kind={asking}
          recordIds={recordIds}
          onClose={close}
          onDone={({ changed, untouched }) => {
            close();
            onClear();
            onChanged();
            const left = untouched.length > 0 ? `, ${untouched.length} left as they were: it says nothing in their state` : '';
            setDone(`${recordsWords(changed.length)} ${asking === 'skip' ? 'skipped' : 'approved'}${left}`);
          }}
        />
      )}
    </Group>
  );
}

interface DecisionProps {
  kind: 'skip' | 'approve';
  recordIds: string[];
  onClose: () => void;
  onDone: (decided: Answer<'records.skip'>) => void;
}

function Decision({ kind, recordIds, onClose, onDone }: DecisionProps) {
  const { tenantId } = useWho();
  const skip = useAction('records.skip');
  const approve = useAction('records.approve');
  const { mutate, isPending, error } = kind === 'skip' ? skip : approve;
  const verb = kind === 'skip' ? 'Skip' : 'Approve';
  return (
    <ReasonDialog
      title={`${verb} ${recordsWords(recordIds.length)}`}
      action={verb}
      isBusy={isPending}
      problem={error}
      onClose={onClose}
      onDecide={(reason) => mutate({ path: { tenantId }, body: { recordIds, reason } }, { onSuccess: onDone })}
    >
      {kind === 'skip'
        ? 'They are not sent. What waited for them goes on. A replay brings one back as a new version.'
        : 'Those that wait for approval go out; the same reason does not hold them again. Others are left as they are.'}
    </ReasonDialog>
  );
}

function recordsWords(records: number): string {
  return records === 1 ? 'one record' : `${records.toLocaleString()} records`;
}

function sumOf(counts: Partial<Record<RecordState, number>>, states: readonly RecordState[]): number {
  return states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}
