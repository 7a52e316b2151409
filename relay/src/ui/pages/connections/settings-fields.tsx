import { Checkbox, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Problem } from '../../api/index.ts';
import { faultOf } from '../../shell/index.ts';
import type { SettingField } from './settings-schema.ts';

export interface SettingsFieldsProps {
  fields: SettingField[];
  values: Record<string, string>;
  onChange: (name: string, text: string) => void;
  problem: Problem | undefined;
  /** Of a connection there is: its secrets are kept unless others are entered. */
  isStored?: boolean;
}

/** The settings of a system; those that have a default are folded away. */
export function SettingsFields({ fields, problem, ...props }: SettingsFieldsProps) {
  // What was set when the form appeared stays in sight; nothing jumps while somebody types.
  const [set] = useState(() => new Set(fields.filter(({ name }) => (props.values[name] ?? '') !== '').map(({ name }) => name)));
  const first = fields.filter(({ isRequired, name }) => isRequired || set.has(name));
  const others = fields.filter((field) => !first.includes(field));
  const hasFault = others.some(({ name }) => faultOf(problem, `settings.${name}`) !== undefined);
  return (
    <>
      {first.map((field) => (
        <Field key={field.name} field={field} problem={problem} {...props} />
      ))}
      {others.length > 0 && (
        <details open={hasFault || undefined}>
          <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
            {others.length} more settings that are right for most
          </Text>
          <Stack gap="sm" mt="sm">
            {others.map((field) => (
              <Field key={field.name} field={field} problem={problem} {...props} />
            ))}
          </Stack>
        </details>
      )}
    </>
  );
}

type FieldProps = Omit<SettingsFieldsProps, 'fields'> & { field: SettingField };

function Field({ field, values, onChange, problem, isStored = false }: FieldProps) {
  const { name, label, help, kind, choices, isRequired, fallback } = field;
  const value = values[name] ?? '';
  const common = { label, description: help, error: faultOf(problem, `settings.${name}`) };
  const typed = (event: { currentTarget: { value: string } }): void => onChange(name, event.currentTarget.value);
  if (kind === 'choice')
    return (
      <Select
        {...common}
        data={choices}
        value={value === '' ? fallback : value}
        onChange={(chosen) => onChange(name, chosen ?? '')}
        searchable
      />
    );
  if (kind === 'switch')
    return (
      <Checkbox
        {...common}
        checked={(value || fallback) === 'true'}
        onChange={(event) => onChange(name, String(event.currentTarget.checked))}
      />
    );
  if (kind === 'secret')
    return (
      <PasswordInput
        {...common}
        value={value}
        onChange={typed}
        placeholder={isStored ? 'Kept; enter another to change it' : ''}
        required={isRequired && !isStored}
        autoComplete="new-password"
      />
    );
  return (
    <TextInput
      {...common}
      value={value}
      onChange={typed}
      placeholder={fallback}
      required={isRequired}
      autoComplete="off"
      spellCheck={false}
      {...(kind === 'number' ? { inputMode: 'decimal' as const } : {})}
    />
  );
}
