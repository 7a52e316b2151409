import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { ApiProblem } from '../api/index.ts';
import { ProblemView } from './problem-view.tsx';

export interface ReasonDialogProps {
  title: string;
  /** What it does and what it does not do. */
  children: ReactNode;
  /** Words on the button: `Skip 3 records`. */
  action: string;
  colour?: string;
  isBusy: boolean;
  problem: ApiProblem | null;
  onClose: () => void;
  onDecide: (reason: string) => void;
}

/** Asks for the reason of a decision; it stands in the story of what it is about. Mounted only while it is open. */
export function ReasonDialog({ title, children, action, colour, isBusy, problem, onClose, onDecide }: ReasonDialogProps) {
  const [reason, setReason] = useState('');
  const words = reason.trim();
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (words !== '') onDecide(words);
        }}
      >
        <Stack>
          <Text size="sm" component="div">
            {children}
          </Text>
          <Textarea
            label="Why"
            description="Stands in the story, with your name."
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            autosize
            minRows={2}
            data-autofocus
            required
          />
          {problem && <ProblemView problem={problem.problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy} disabled={words === ''} {...(colour ? { color: colour } : {})}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
