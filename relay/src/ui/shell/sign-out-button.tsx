import { Button, type ButtonProps } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ApiProblem } from '../api/index.ts';
import { FormProblem } from './form-problem.tsx';
import { leave } from './use-me.ts';

export function SignOutButton(props: ButtonProps) {
  const end = useMutation<void, ApiProblem>({ mutationFn: leave });
  return (
    <>
      <FormProblem problem={end.error?.problem} />
      <Button variant="default" loading={end.isPending} onClick={() => end.mutate()} {...props}>
        Sign out
      </Button>
    </>
  );
}
