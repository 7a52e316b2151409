import { Checkbox, MultiSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, type AlertRule, type Problem } from '../../api/index.ts';
import { faultOf, Form, useWho } from '../../shell/index.ts';
import type { Channel } from './rule-card.tsx';
import { settingWords } from './rule-words.ts';

export interface RuleFormProps {
  rule: AlertRule;
  channels: readonly Channel[];
  onClose: () => void;
}

/** From when on it is told, and to which channels. */
export function RuleForm({ rule: { id: ruleId, settings: present, channelIds }, channels, onClose }: RuleFormProps) {
  const { tenantId } = useWho();
  const [settings, setSettings] = useState(present);
  const [chosen, setChosen] = useState(channelIds ?? []);
  const change = useAction('alert-rules.change');
  const problem = change.error?.problem;
  return (
    <Form
      action="Save"
      work={change}
      fields={Object.keys(settings).map((name) => `settings.${name}`)}
      onCancel={onClose}
      onSubmit={() =>
        change.mutate(
          { path: { tenantId, ruleId }, body: { settings, channelIds: chosen.length === 0 ? null : chosen } },
          { onSuccess: onClose },
        )
      }
    >
      {Object.entries(settings).map(([name, value]) => (
        <SettingInput
          key={name}
          name={name}
          label={settingWords(ruleId, name)}
          value={value}
          problem={problem}
          onChange={(next) => setSettings({ ...settings, [name]: next })}
        />
      ))}
      <MultiSelect
        label="Channels"
        description="None chosen: all of them"
        data={channels.map(({ id, name }) => ({ value: id, label: name }))}
        value={chosen}
        onChange={setChosen}
        maw={480}
        clearable
      />
    </Form>
  );
}

interface SettingInputProps {
  name: string;
  label: string;
  value: unknown;
  problem: Problem | undefined;
  onChange: (value: number | boolean) => void;
}

function SettingInput({ name, label, value, problem, onChange }: SettingInputProps) {
  if (typeof value === 'boolean')
    return <Checkbox label={label} checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />;
  return (
    <NumberInput
      label={label}
      value={Number(value)}
      onChange={(next) => onChange(Number(next))}
      error={faultOf(problem, `settings.${name}`)}
      allowDecimal={false}
      min={1}
      maw={480}
      required
    />
  );
}
