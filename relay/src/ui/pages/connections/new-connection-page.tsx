import { Anchor, Button, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import { useAction, useApi, type System } from '../../api/index.ts';
import { faultOf, Form, FormProblem, Loading, NotFound, PageHead, ProblemView, Section, useWho } from '../../shell/index.ts';
import { CheckOutcome } from './connection-state.tsx';
import { SettingsFields } from './settings-fields.tsx';
import { settingFields, typedSetting, type SettingField } from './settings-schema.ts';

/** A connection to one account on a system: entered, tried, made. */
export function NewConnectionPage() {
  const { system = '' } = useParams();
  const { may } = useWho();
  const systems = useApi('systems.list');
  if (systems.error) return <ProblemView problem={systems.error.problem} />;
  if (!systems.data) return <Loading />;
  const manifest = systems.data.items.find(({ id }) => id === system);
  if (!manifest || !may('admin')) return <NotFound />;
  return (
    <Stack maw={760}>
      <PageHead
        title={`New connection to ${manifest.label}`}
        above={
          <Anchor component={Link} href="/connections" size="sm">
            Connections
          </Anchor>
        }
      />
      <NewConnection key={manifest.id} system={manifest} />
    </Stack>
  );
}

function NewConnection({ system }: { system: System }) {
  const { tenantId } = useWho();
  const [, go] = useLocation();
  const [name, setName] = useState('');
  const [siteId, setSiteId] = useState<string | null>(null);
  const [values, setValues] = useState<Record<string, string>>({});
  const sites = useApi('sites.list', { path: { tenantId }, query: { limit: 500 } }).data?.items ?? [];
  const attempt = useAction('connections.try');
  const create = useAction('connections.create');
  const fields = settingFields(system.settings, system.secretSettings);
  const site = siteId ?? (sites.length === 1 ? (sites[0]?.id ?? null) : null);
  const given = {
    system: system.id,
    ...(system.runsOn === 'agent' && site !== null ? { siteId: site } : {}),
    settings: entered(fields, values),
  };
  const problem = (create.error ?? attempt.error)?.problem;
  const shown = ['name', 'siteId', ...fields.map((field) => `settings.${field.name}`)];
  return (
    <Section title="Settings" lead={system.runsOn === 'agent' ? 'It is reached through the agents of a site.' : undefined}>
      <Form
        action="Make the connection"
        work={create}
        fields={shown}
        onSubmit={() =>
          create.mutate({ path: { tenantId }, body: { ...given, name } }, { onSuccess: ({ id }) => go(`/connections/${id}`) })
        }
      >
        <TextInput
          label="Name"
          description="What people call it"
          placeholder={`${system.label} PRD`}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={faultOf(problem, 'name')}
          required
        />
        {system.runsOn === 'agent' && (
          <Select
            label="Site"
            description="Its agents reach the system"
            data={sites.map((one) => ({ value: one.id, label: one.name }))}
            value={site}
            onChange={setSiteId}
            error={faultOf(problem, 'siteId') ?? (sites.length === 0 ? 'There is no site yet; make one on the page Tunnels' : undefined)}
            required
          />
        )}
        <SettingsFields
          fields={fields}
          values={values}
          onChange={(field, text) => {
            setValues({ ...values, [field]: text });
            create.reset();
            attempt.reset();
          }}
          problem={problem}
        />
        {attempt.data && <CheckOutcome check={attempt.data} />}
        {attempt.error && <FormProblem problem={attempt.error.problem} fields={shown} />}
        <Button
          variant="light"
          style={{ alignSelf: 'flex-start' }}
          loading={attempt.isPending}
          onClick={() => attempt.mutate({ path: { tenantId }, body: given })}
        >
          Test
        </Button>
      </Form>
    </Section>
  );
}

function entered(fields: readonly SettingField[], values: Record<string, string>): Record<string, unknown> {
  const given = fields.map((field) => [field.name, typedSetting(field, values[field.name] ?? '')] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== null));
}
