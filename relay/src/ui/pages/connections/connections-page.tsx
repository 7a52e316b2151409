import { Anchor, Button, Group, Menu, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useApi, type Connection } from '../../api/index.ts';
import { Empty, Loading, PageHead, ProblemView, Section, Signal, Time, useNames, useWho } from '../../shell/index.ts';
import { CheckButton, Halt, ResumeButton } from './connection-state.tsx';

/** All connections: those that stand still first, with what to do. */
export function ConnectionsPage() {
  const { tenantId, may } = useWho();
  const connections = useApi('connections.list', { path: { tenantId }, query: { limit: 500 } }, { everyMs: 10_000 });
  if (connections.error && !connections.data) return <ProblemView problem={connections.error.problem} />;
  if (!connections.data) return <Loading />;
  const { items } = connections.data;
  const halted = items.filter(({ halt }) => halt !== null);
  const others = items.filter(({ halt }) => halt === null);
  const lead = halted.length === 0 ? 'None of them stands still.' : `${halted.length} of ${items.length} stand still until someone acts.`;
  return (
    <Stack>
      <PageHead title="Connections" lead={items.length > 0 ? lead : undefined}>
        {may('admin') && <NewConnection />}
      </PageHead>
      {connections.error && <ProblemView problem={connections.error.problem} />}
      {items.length === 0 && (
        <Empty title="No connection yet">
          {may('admin') ? 'Make one to each side, then an integration between them.' : 'An administrator makes them.'}
        </Empty>
      )}
      {halted.map((connection) => (
        <Halted key={connection.id} connection={connection} />
      ))}
      {others.length > 0 && (
        <Section title={halted.length > 0 ? 'The others' : 'All connections'}>
          {others.map((connection) => (
            <Line key={connection.id} connection={connection} />
          ))}
        </Section>
      )}
    </Stack>
  );
}

function NewConnection() {
  const systems = useApi('systems.list').data?.items ?? [];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button>New connection</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {systems.map(({ id, label }) => (
          <Menu.Item key={id} component={Link} href={`/connections/new/${id}`}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Halted({ connection }: { connection: Connection }) {
  return (
    <Section
      title={connection.name}
      lead={<About connection={connection} />}
      actions={
        <Group gap="xs">
          <CheckButton connection={connection} />
          <ResumeButton connection={connection} />
          <Anchor component={Link} href={`/connections/${connection.id}`} size="sm" aria-label={`Open ${connection.name}`}>
            Open
          </Anchor>
        </Group>
      }
    >
      <Halt connection={connection} />
    </Section>
  );
}

function Line({ connection }: { connection: Connection }) {
  const { name, id, lastCheck } = connection;
  return (
    <Group justify="space-between" gap="sm">
      <div>
        <Anchor component={Link} href={`/connections/${id}`} fw={600}>
          {name}
        </Anchor>
        <Text size="sm" c="dimmed">
          <About connection={connection} />
        </Text>
      </div>
      <Group gap="md">
        {lastCheck ? (
          <Signal light={lastCheck.ok ? 'good' : 'bad'}>
            {lastCheck.ok ? (lastCheck.account ?? 'Works') : (lastCheck.problem?.code ?? 'Does not work')}, <Time at={lastCheck.at} ago />
          </Signal>
        ) : (
          <Signal light="off">Never tested</Signal>
        )}
        <CheckButton connection={connection} />
      </Group>
    </Group>
  );
}

function About({ connection: { system, siteId } }: { connection: Connection }) {
  const names = useNames();
  const label = useApi('systems.list').data?.items.find(({ id }) => id === system)?.label ?? system;
  return <>{siteId === null ? label : `${label} through ${names.site(siteId)}`}</>;
}
