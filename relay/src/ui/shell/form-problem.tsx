import { Alert, Text } from '@mantine/core';
import type { Problem } from '../api/index.ts';

/** What is wrong with a field of a form, in words to stand below it; `field` is the path in the body: `settings.url`. */
export function faultOf(problem: Problem | undefined, field: string): string | undefined {
  const message = problem?.errors?.find(({ path }) => path === field)?.message;
  return message && `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
}

/** Why a form was refused. `fields` are those that show their own fault with `faultOf`: faults of others are listed here. */
export function FormProblem({ problem, fields = [] }: { problem: Problem | undefined; fields?: readonly string[] }) {
  if (!problem) return null;
  const others = problem.errors?.filter(({ path }) => !fields.includes(path)) ?? [];
  const isInFields = problem.errors !== undefined && problem.errors.length > 0 && others.length === 0;
  if (isInFields) return null;
  return (
    <Alert color="red" variant="light" role="alert" title={sentence(problem.detail)}>
      {problem.fix && <Text size="sm">{problem.fix}</Text>}
      {others.map(({ path, message }) => (
        <Text key={path} size="sm">
          {path}: {message}
        </Text>
      ))}
    </Alert>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
