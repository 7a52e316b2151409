import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ApiProblem } from '../api/index.ts';
import { FormProblem } from './form-problem.tsx';

export interface FormProps {
  /** What the button says. */
  action: string;
  onSubmit: () => void;
  /** As useAction gives it. */
  work: { isPending: boolean; isSuccess: boolean; error: ApiProblem | null };
  /** Fields that show their own fault. */
  fields?: readonly string[];
  /** Said once it went well. */
  done?: string;
  /** Where the form is asked for, not always there. */
  onCancel?: () => void;
  isDangerous?: boolean;
  children?: ReactNode;
}

/** Fields one below the other, what was wrong with them, and the button that sends them. */
export function Form({ action, onSubmit, work, fields = [], done, onCancel, isDangerous = false, children }: FormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack gap="sm">
        {children}
        <FormProblem problem={work.error?.problem} fields={fields} />
        <Group gap="sm">
          <Button type="submit" loading={work.isPending} {...(isDangerous ? { color: 'red' } : {})}>
            {action}
          </Button>
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          )}
          <Text component="output" size="sm" c="dimmed">
            {work.isSuccess && done}
          </Text>
        </Group>
      </Stack>
    </form>
  );
}
