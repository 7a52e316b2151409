import { Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/index.ts';
import { ReasonDialog, useWho } from '../../shell/index.ts';
import type { Story } from './story.ts';

/** A person looked into the target, as the relay could not find out. */
export function DecideDialog({ story: { record, flow }, onClose }: { story: Story; onClose: () => void }) {
  const { tenantId } = useWho();
  const decide = useAction('records.decide');
  const [outcome, setOutcome] = useState('posted');
  const [targetId, setTargetId] = useState('');
  const [isIncomplete, setIncomplete] = useState(false);
  const path = { tenantId, recordId: record.id };
  function send(reason: string): void {
    const id = targetId.trim();
    setIncomplete(outcome === 'posted' && id === '');
    if (outcome === 'posted' && id === '') return;
    const body = outcome === 'posted' ? { outcome: 'posted' as const, targetId: id, reason } : { outcome: 'notPosted' as const, reason };
    decide.mutate({ path, body }, { onSuccess: onClose });
  }
  return (
    <ReasonDialog
      title={`Is ${record.label || record.key} in ${flow.target}?`}
      action="Decide"
      isBusy={decide.isPending}
      problem={decide.error}
      onClose={onClose}
      onDecide={send}
    >
      <Stack gap="xs">
        Look for {record.key} in {flow.target} first: what is said here counts.
        <Radio.Group value={outcome} onChange={setOutcome} aria-label="What the target holds">
          <Stack gap="xs">
            <Radio value="posted" label="It is there: link this record to it" />
            <Radio value="notPosted" label="It is not there: send it again" />
          </Stack>
        </Radio.Group>
        {outcome === 'posted' && (
          <TextInput
            label={`Its id in ${flow.target}`}
            value={targetId}
            onChange={(event) => setTargetId(event.currentTarget.value)}
            error={isIncomplete && 'is missing'}
            maxLength={200}
            required
          />
        )}
      </Stack>
    </ReasonDialog>
  );
}
