import { Checkbox, Fieldset, Group, NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, type Answer } from '../../api/index.ts';
import { faultOf, Form, useWho } from '../../shell/index.ts';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
const night = { from: '22:00', to: '06:00' };

export function TellingForm({ settings: present }: { settings: Answer<'alert-settings.get'> }) {
  const { tenantId, may } = useWho();
  const [settings, setSettings] = useState(present);
  const change = useAction('alert-settings.change');
  const problem = change.error?.problem;
  const { timeZone, quietHours, reminderHours } = settings;
  return (
    <Fieldset variant="unstyled" disabled={!may('admin')}>
      <Form
        action="Save"
        work={change}
        done="Saved"
        fields={['timeZone', 'quietHours.from', 'quietHours.to', 'reminderHours']}
        onSubmit={() => change.mutate({ path: { tenantId }, body: settings })}
      >
        <Select
          label="Time zone"
          description="Of quiet hours and weekdays"
          data={zones.includes(timeZone) ? zones : [timeZone, ...zones]}
          value={timeZone}
          onChange={(zone) => zone !== null && setSettings({ ...settings, timeZone: zone })}
          error={faultOf(problem, 'timeZone')}
          allowDeselect={false}
          searchable
          limit={100}
          maw={320}
        />
        <Checkbox
          label="Keep quiet hours"
          checked={quietHours !== null}
          onChange={(event) => setSettings({ ...settings, quietHours: event.currentTarget.checked ? night : null })}
        />
        {quietHours && (
          <Group>
            <TextInput
              label="From"
              type="time"
              value={quietHours.from}
              onChange={(event) => setSettings({ ...settings, quietHours: { ...quietHours, from: event.currentTarget.value } })}
              error={faultOf(problem, 'quietHours.from')}
              required
            />
            <TextInput
              label="To"
              type="time"
              value={quietHours.to}
              onChange={(event) => setSettings({ ...settings, quietHours: { ...quietHours, to: event.currentTarget.value } })}
              error={faultOf(problem, 'quietHours.to')}
              required
            />
          </Group>
        )}
        <NumberInput
          label="Remind after"
          description="Of an alert that nobody acknowledged"
          placeholder="never"
          suffix=" hours"
          value={reminderHours ?? ''}
          onChange={(hours) => setSettings({ ...settings, reminderHours: hours === '' ? null : Number(hours) })}
          error={faultOf(problem, 'reminderHours')}
          allowDecimal={false}
          min={1}
          max={1000}
          maw={320}
        />
      </Form>
    </Fieldset>
  );
}
