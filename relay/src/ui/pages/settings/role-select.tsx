import { Select, type SelectProps } from '@mantine/core';
import type { Role } from '../../shell/index.ts';

const words: Record<Role, string> = {
  viewer: 'viewer: sees everything',
  operator: 'operator: also replays, approves, pauses',
  admin: 'admin: also changes connections and people',
};

export interface RoleSelectProps extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  value: Role | null;
  onChange: (role: Role | null) => void;
  /** Offers this in place of a role; it answers null. */
  none?: string;
}

/** Roles with what they allow. */
export function RoleSelect({ value, onChange, none, ...select }: RoleSelectProps) {
  const roles = Object.entries(words).map(([role, label]) => ({ value: role, label }));
  return (
    <Select
      data={none === undefined ? roles : [{ value: '', label: none }, ...roles]}
      value={value ?? ''}
      onChange={(chosen) => onChange(chosen === null || chosen === '' ? null : (chosen as Role))}
      allowDeselect={false}
      comboboxProps={{ width: 320, position: 'bottom-start' }}
      {...select}
    />
  );
}
