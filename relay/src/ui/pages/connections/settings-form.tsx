import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, useApi, type Connection, type System } from '../../api/index.ts';
import { Fact, faultOf, Form, FormProblem, Loading, ProblemView, Section, useWho } from '../../shell/index.ts';
import { CheckOutcome } from './connection-state.tsx';
import { SettingsFields } from './settings-fields.tsx';
import { settingFields, textOf, typedSetting, type SettingField } from './settings-schema.ts';

/** Settings of a connection: read by all, changed and tried by administrators. */
export function Settings({ connection }: { connection: Connection }) {
  const { may } = useWho();
  const systems = useApi('systems.list');
  if (systems.error) return <ProblemView problem={systems.error.problem} />;
  if (!systems.data) return <Loading />;
  const system = systems.data.items.find(({ id }) => id === connection.system);
  if (system && may('admin')) return <SettingsForm key={connection.changedAt} connection={connection} system={system} />;
  return (
    <Section title="Settings">
      {Object.entries(connection.settings).map(([name, value]) => (
        <Fact key={name} name={name}>
          {textOf(value)}
        </Fact>
      ))}
    </Section>
  );
}

function SettingsForm({ connection, system }: { connection: Connection; system: System }) {
  const path = { tenantId: useWho().tenantId, connectionId: connection.id };
  const fields = settingFields(system.settings, system.secretSettings);
  const before = Object.fromEntries(fields.map(({ name }) => [name, textOf(connection.settings[name])]));
  const [values, setValues] = useState<Record<string, string>>(before);
  const [name, setName] = useState(connection.name);
  const attempt = useAction('connections.try-change');
  const change = useAction('connections.change');
  const settings = changedSettings(fields, before, values);
  const hasSettings = Object.keys(settings).length > 0;
  const problem = (change.error ?? attempt.error)?.problem;
  const shown = ['name', ...fields.map((field) => `settings.${field.name}`)];
  return (
    <Section title="Settings" lead="Secret ones are written, never shown again.">
      <Form
        action="Save"
        work={change}
        fields={shown}
        onSubmit={() =>
          change.mutate({ path, body: { ...(name === connection.name ? {} : { name }), ...(hasSettings ? { settings } : {}) } })
        }
      >
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={faultOf(problem, 'name')}
          required
        />
        <SettingsFields
          fields={fields}
          values={values}
          onChange={(field, text) => {
            setValues({ ...values, [field]: text });
            change.reset();
            attempt.reset();
          }}
          problem={problem}
          isStored
        />
        {attempt.data && <CheckOutcome check={attempt.data} />}
        {attempt.error && <FormProblem problem={attempt.error.problem} fields={shown} />}
        {hasSettings && (
          <Button
            variant="light"
            style={{ alignSelf: 'flex-start' }}
            loading={attempt.isPending}
            onClick={() => attempt.mutate({ path, body: { settings } })}
          >
            Test before saving
          </Button>
        )}
      </Form>
    </Section>
  );
}

function changedSettings(
  fields: readonly SettingField[],
  before: Record<string, string>,
  values: Record<string, string>,
): Record<string, unknown> {
  const changed = fields.filter(({ name }) => (values[name] ?? '') !== before[name]);
  return Object.fromEntries(changed.map((field) => [field.name, typedSetting(field, values[field.name] ?? '')]));
}
