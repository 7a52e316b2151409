import { Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/index.ts';
import { faultOf, Form, useWho } from '../../shell/index.ts';
import type { OneFlow } from './flow-panel.tsx';

type Mode = 'changes' | 'sweep' | 'full' | 'backfill';

const modes: { mode: Mode; label: string; description: string }[] = [
  { mode: 'changes', label: 'Changes', description: 'What is new since the last run.' },
  { mode: 'sweep', label: 'Sweep', description: 'Looks at every key again. What has not changed is not sent.' },
  { mode: 'backfill', label: 'Backfill', description: 'Reads some business days again and leaves the place of the regular run alone.' },
  {
    mode: 'full',
    label: 'Everything anew',
    description: 'Forgets how far it has read and begins from the start. What has not changed is not sent.',
  },
];

interface RunDialogProps extends OneFlow {
  isDry: boolean;
  canBackfill: boolean;
  onClose: () => void;
}

/** Asks for a run, or for a dry one, of the kind that is chosen. Mounted only while it is open. */
export function RunDialog({ integrationId, flow: { flowId, title }, isDry, canBackfill, onClose }: RunDialogProps) {
  const { tenantId } = useWho();
  const [mode, setMode] = useState<Mode>(isDry ? 'changes' : 'sweep');
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const start = useAction('runs.start');
  const dryRun = useAction('dry-runs.start');
  const work = isDry ? dryRun : start;
  const submit = () => {
    const body = { integrationId, flowId, mode, ...(mode === 'backfill' && { days: { first, last } }) };
    const call = { path: { tenantId }, body };
    if (isDry) dryRun.mutate(call, { onSuccess: onClose });
    else start.mutate(call, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={`${isDry ? 'Dry run' : 'Run'}: ${title}`} closeButtonProps={{ 'aria-label': 'Close' }} centered>
      <Form
        action={isDry ? 'Begin the dry run' : 'Begin'}
        onSubmit={submit}
        work={work}
        onCancel={onClose}
        fields={['days.first', 'days.last']}
      >
        <Radio.Group
          value={mode}
          onChange={(value) => setMode(value)}
          label={isDry ? 'Reads and maps, and sends nothing. What is read?' : 'What is read?'}
        >
          <Stack gap="sm" pt="xs">
            {modes
              .filter((one) => canBackfill || one.mode !== 'backfill')
              .map((one) => (
                <Radio key={one.mode} value={one.mode} label={one.label} description={one.description} />
              ))}
          </Stack>
        </Radio.Group>
        {mode === 'backfill' && (
          <Group grow align="flex-start">
            <TextInput
              type="date"
              label="First day"
              value={first}
              onChange={(event) => setFirst(event.currentTarget.value)}
              error={faultOf(work.error?.problem, 'days.first')}
              required
            />
            <TextInput
              type="date"
              label="Last day"
              value={last}
              min={first}
              onChange={(event) => setLast(event.currentTarget.value)}
              error={faultOf(work.error?.problem, 'days.last')}
              required
            />
          </Group>
        )}
      </Form>
    </Modal>
  );
}
