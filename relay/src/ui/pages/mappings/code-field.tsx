import { Autocomplete, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { firstFocus } from '../../shell/index.ts';
import { matching, type CodeName } from './words.ts';

export interface CodeFieldProps {
  value: string;
  onChange: (code: string) => void;
  codes: readonly CodeName[];
  /** For who does not see what it stands beside. */
  label: string;
  placeholder?: string;
  isFocused?: boolean;
  /** By Escape. */
  onCancel?: () => void;
}

const mostShown = 30;

/** A code of the target: chosen by code or name, or typed. Says when the target has no such code. */
export function CodeField({ value, onChange, codes, label, placeholder, isFocused = false, onCancel }: CodeFieldProps) {
  const [isOpen, setIsOpen] = useState(false);
  const chosen = codes.find(({ code }) => code === value);
  // A chosen code is no search: its neighbours are of use then, not itself.
  const shown = isOpen ? matching(codes, chosen ? '' : value, mostShown) : [];
  const names = new Map(shown.map(({ code, name }) => [code, name]));
  const isUnknown = value !== '' && codes.length > 0 && !chosen;
  return (
    <Autocomplete
      size="xs"
      value={value}
      onChange={onChange}
      onFocus={() => setIsOpen(true)}
      onBlur={() => setIsOpen(false)}
      data={[...names.keys()]}
      filter={({ options }) => options}
      renderOption={({ option }) => (
        <Group gap="xs" wrap="nowrap">
          <Text size="xs" ff="monospace">
            {option.value}
          </Text>
          {names.get(option.value) !== option.value && (
            <Text size="xs" c="dimmed">
              {names.get(option.value)}
            </Text>
          )}
        </Group>
      )}
      placeholder={placeholder ?? 'Code of the target'}
      aria-label={label}
      description={describe(chosen, isUnknown)}
      inputWrapperOrder={['input', 'description']}
      {...(isFocused ? { ref: firstFocus } : {})}
      onKeyDown={(event) => event.key === 'Escape' && onCancel?.()}
      maxDropdownHeight={260}
    />
  );
}

function describe(chosen: CodeName | undefined, isUnknown: boolean): string | undefined {
  if (isUnknown) return 'Not a code that the target was seen to have';
  return chosen && chosen.name !== chosen.code && chosen.name !== '' ? chosen.name : undefined;
}
