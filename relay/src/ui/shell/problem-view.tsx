import { Alert, Text } from '@mantine/core';
import type { Problem } from '../api/index.ts';
import { CopyText } from './copy-text.tsx';

/** What went wrong and what to do about it, in the relay's own words. */
export function ProblemView({ problem }: { problem: Problem }) {
  return (
    <Alert color="red" variant="light" title={problem.detail} m="md" role="alert">
      {problem.fix && <Text size="sm">{problem.fix}</Text>}
      {problem.errors?.map(({ path, message }) => (
        <Text key={path} size="sm">
          {path}: {message}
        </Text>
      ))}
      <Text size="xs" c="dimmed" mt="xs">
        {problem.code} {problem.requestId && <CopyText text={problem.requestId} />}
      </Text>
    </Alert>
  );
}
