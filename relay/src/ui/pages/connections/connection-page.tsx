import { Anchor, Stack } from '@mantine/core';
import { Link, useLocation, useParams } from 'wouter';
import { useAction, useApi, type Connection } from '../../api/index.ts';
import { ConfirmButton, Loading, PageHead, ProblemView, Section, Signal, useNames, useWho } from '../../shell/index.ts';
import { Blackouts } from './blackouts.tsx';
import { CheckButton, CheckOutcome, Halt, ResumeButton } from './connection-state.tsx';
import { Password } from './password.tsx';
import { Settings } from './settings-form.tsx';
import { Webhooks } from './webhooks.tsx';

/** One connection: whether it works, its settings, its password, what it tells, when it is left alone. */
export function ConnectionPage() {
  const { connectionId = '' } = useParams();
  const path = { tenantId: useWho().tenantId, connectionId };
  const names = useNames();
  const systems = useApi('systems.list').data?.items;
  const found = useApi('connections.get', { path }, { everyMs: 10_000 });
  if (found.error && !found.data) return <ProblemView problem={found.error.problem} />;
  if (!found.data) return <Loading />;
  const connection = found.data;
  const label = systems?.find(({ id }) => id === connection.system)?.label ?? connection.system;
  return (
    <Stack maw={960}>
      <PageHead
        title={connection.name}
        lead={connection.siteId === null ? label : `${label} through ${names.site(connection.siteId)}`}
        above={
          <Anchor component={Link} href="/connections" size="sm">
            Connections
          </Anchor>
        }
      >
        <CheckButton connection={connection} />
        <ResumeButton connection={connection} />
        <DeleteButton connection={connection} />
      </PageHead>
      {found.error && <ProblemView problem={found.error.problem} />}
      <Halt connection={connection} />
      <Section title="Last test">
        {connection.lastCheck ? <CheckOutcome check={connection.lastCheck} /> : <Signal light="off">It was never tested.</Signal>}
      </Section>
      <Settings connection={connection} />
      {connection.siteId !== null && <Password connection={connection} />}
      <Webhooks connection={connection} />
      <Blackouts connection={connection} />
    </Stack>
  );
}

function DeleteButton({ connection }: { connection: Connection }) {
  const { tenantId, may } = useWho();
  const [, go] = useLocation();
  const remove = useAction('connections.delete');
  if (!may('admin')) return null;
  return (
    <ConfirmButton
      label="Delete"
      question={`Delete ${connection.name}?`}
      onConfirm={async () => {
        await remove.mutateAsync({ path: { tenantId, connectionId: connection.id } });
        go('/connections');
      }}
    >
      Its settings and secrets are gone, and its system is told to send no more webhooks. One that an integration uses cannot be deleted.
    </ConfirmButton>
  );
}
