import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useAction, useApi } from '../../api/index.ts';
import { ProblemView, ReasonDialog, useWho } from '../../shell/index.ts';
import type { OneFlow } from './flow-panel.tsx';
import { RunDialog } from './run-dialog.tsx';

/** What an operator does with a flow. */
export function FlowActions({ integrationId, flow }: OneFlow) {
  const { tenantId } = useWho();
  const [asked, setAsked] = useState<'run' | 'dry run' | 'post'>();
  const start = useAction('runs.start');
  const pause = useAction('integrations.flows.pause');
  const resume = useAction('integrations.flows.resume');
  const postNow = useAction('integrations.flows.post-now');
  const kind = useApi('flows.list').data?.items.find(({ id }) => id === flow.flowId);
  const { flowId } = flow;
  const path = { tenantId, integrationId, flowId };
  // A halt is ended at its connection.
  const isHeldByTime = flow.posting.holds.some(({ code }) => code !== 'CONNECTION_HALTED');
  const stands = !flow.enabled || flow.paused;
  const failed = start.error ?? pause.error ?? resume.error;
  const close = () => setAsked(undefined);
  return (
    <>
      <Group gap="xs">
        <Button
          size="xs"
          disabled={stands}
          loading={start.isPending}
          onClick={() => start.mutate({ path: { tenantId }, body: { integrationId, flowId } })}
        >
          Run now
        </Button>
        <Button size="xs" variant="default" disabled={stands} onClick={() => setAsked('run')}>
          Sweep or backfill …
        </Button>
        <Button size="xs" variant="default" onClick={() => setAsked('dry run')}>
          Dry run …
        </Button>
        {isHeldByTime && !stands && (
          <Button size="xs" variant="default" onClick={() => setAsked('post')}>
            Post now …
          </Button>
        )}
        {flow.paused ? (
          <Button size="xs" variant="default" loading={resume.isPending} onClick={() => resume.mutate({ path })}>
            Resume
          </Button>
        ) : (
          <Button size="xs" variant="default" loading={pause.isPending} onClick={() => pause.mutate({ path })}>
            Pause
          </Button>
        )}
      </Group>
      {failed && <ProblemView problem={failed.problem} />}
      {(asked === 'run' || asked === 'dry run') && (
        <RunDialog
          integrationId={integrationId}
          flow={flow}
          isDry={asked === 'dry run'}
          canBackfill={kind?.canBackfill ?? false}
          onClose={close}
        />
      )}
      {asked === 'post' && (
        <ReasonDialog
          title="Post now"
          action="Post now"
          isBusy={postNow.isPending}
          problem={postNow.error}
          onClose={close}
          onDecide={(reason) => postNow.mutate({ path, body: { reason } }, { onSuccess: close })}
        >
          What was read up to now goes out, whatever the posting schedule and the freezes of close calendars say. Blackouts and what needs
          an approval stay.
        </ReasonDialog>
      )}
    </>
  );
}
