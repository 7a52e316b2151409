import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { Problem } from '../../api/index.ts';
import { faultOf } from '../../shell/index.ts';
import type { Override } from './overrides-page.tsx';

export interface OverrideFieldsProps {
  overrides: Override[];
  onChange: (overrides: Override[]) => void;
  problem: Problem | undefined;
  isReadOnly?: boolean;
}

const monospace = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };

/** The list: target field, expression, what is wrong with it. */
export function OverrideFields({ overrides, onChange, problem, isReadOnly = false }: OverrideFieldsProps) {
  const replace = (place: number, news: Partial<Override>): void =>
    onChange(overrides.map((one, at) => (at === place ? { ...one, ...news } : one)));
  const fault = (place: number, field: string): string | undefined =>
    faultOf(problem, `overrides.${place}.${field}`) ?? faultOf(problem, `${place}.${field}`) ?? undefined;
  return (
    <Stack gap="sm">
      {overrides.length === 0 && (
        <Text size="sm" c="dimmed">
          None: every field is filled as the flow does it.
        </Text>
      )}
      {overrides.map(({ path, expression }, place) => (
        <Group key={place} gap="sm" align="flex-start">
          <TextInput
            flex="1 1 12rem"
            label={`Field ${place + 1}`}
            placeholder="Addresses[0].Line2"
            value={path}
            onChange={(event) => replace(place, { path: event.currentTarget.value })}
            error={fault(place, 'path')}
            readOnly={isReadOnly}
            spellCheck={false}
            styles={monospace}
          />
          <Textarea
            flex="3 1 16rem"
            label={`Expression ${place + 1}`}
            placeholder="$uppercase(body.Name)"
            value={expression}
            onChange={(event) => replace(place, { expression: event.currentTarget.value })}
            error={fault(place, 'expression')}
            readOnly={isReadOnly}
            autosize
            minRows={1}
            spellCheck={false}
            styles={monospace}
          />
          {!isReadOnly && (
            <Button
              variant="subtle"
              color="red"
              size="compact-xs"
              mt={30}
              onClick={() => onChange(overrides.filter((_one, at) => at !== place))}
              aria-label={`Remove override ${place + 1}`}
            >
              Remove
            </Button>
          )}
        </Group>
      ))}
      {!isReadOnly && (
        <Button
          variant="light"
          size="xs"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => onChange([...overrides, { path: '', expression: '' }])}
        >
          Add a field
        </Button>
      )}
    </Stack>
  );
}
