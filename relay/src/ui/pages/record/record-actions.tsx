import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/index.ts';
import { ProblemView, ReasonDialog, useWho } from '../../shell/index.ts';
import { DecideDialog } from './decide-dialog.tsx';
import { ReplayOne } from './replay-one.tsx';
import type { Story } from './story.ts';
import { UnlinkDialog } from './unlink-dialog.tsx';

type Action = Story['actions'][number];
type Asking = Exclude<Action, 'acknowledge'>;

const words: Record<Action, string> = {
  replay: 'Replay',
  skip: 'Skip',
  approve: 'Approve',
  decide: 'Say what the target holds',
  unlink: 'Unlink',
  acknowledge: 'Tell the source now',
};
const first: readonly Action[] = ['replay', 'approve', 'decide'];

/** What a person can do with the record as it stands, where the role allows it. */
export function RecordActions({ story }: { story: Story }) {
  const { tenantId, may } = useWho();
  const [asking, ask] = useState<Asking>();
  const acknowledge = useAction('records.acknowledge');
  const close = (): void => ask(undefined);
  const { id: recordId } = story.record;
  if (!may('operator') || story.actions.length === 0) return null;
  return (
    <Group gap="xs">
      {story.actions.map((action) => (
        <Button
          key={action}
          size="sm"
          variant={first.includes(action) ? 'filled' : 'default'}
          loading={action === 'acknowledge' && acknowledge.isPending}
          onClick={() => (action === 'acknowledge' ? acknowledge.mutate({ path: { tenantId, recordId } }) : ask(action))}
        >
          {words[action]}
        </Button>
      ))}
      {acknowledge.error && <ProblemView problem={acknowledge.error.problem} />}
      {asking === 'replay' && <ReplayOne story={story} onClose={close} />}
      {(asking === 'skip' || asking === 'approve') && <Decision kind={asking} recordId={recordId} onClose={close} />}
      {asking === 'decide' && <DecideDialog story={story} onClose={close} />}
      {asking === 'unlink' && <UnlinkDialog story={story} onClose={close} />}
    </Group>
  );
}

function Decision({ kind, recordId, onClose }: { kind: 'skip' | 'approve'; recordId: string; onClose: () => void }) {
  const { tenantId } = useWho();
  const skip = useAction('records.skip');
  const approve = useAction('records.approve');
  const { mutate, isPending, error } = kind === 'skip' ? skip : approve;
  return (
    <ReasonDialog
      title={kind === 'skip' ? 'Skip this record' : 'Approve this record'}
      action={kind === 'skip' ? 'Skip' : 'Approve'}
      isBusy={isPending}
      problem={error}
      onClose={onClose}
      onDecide={(reason) => mutate({ path: { tenantId }, body: { recordIds: [recordId], reason } }, { onSuccess: onClose })}
    >
      {kind === 'skip'
        ? 'It is not sent. What waited for it goes on. A replay brings it back as a new version.'
        : 'It goes out in spite of what holds it; the same reason does not hold it again.'}
    </ReasonDialog>
  );
}
