import { Button, Modal, type ButtonProps } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { ApiProblem } from '../api/index.ts';
import { Form } from './form.tsx';

export interface ConfirmButtonProps extends ButtonProps {
  /** On the button: `Revoke`. */
  label: string;
  /** What the button is about, where there are many of them: `Revoke “Nightly export”`. */
  about?: string;
  /** What is asked: `Revoke the token “Nightly export”?` */
  question: string;
  /** What follows from it. */
  children: ReactNode;
  isDangerous?: boolean;
  onConfirm: () => Promise<unknown>;
}

/** A button for what cannot be taken back: it asks first, and tells why when it did not work. */
export function ConfirmButton({ label, about, question, children, isDangerous = true, onConfirm, ...button }: ConfirmButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [work, setWork] = useState<{ isPending: boolean; isSuccess: boolean; error: ApiProblem | null }>(idle);
  const confirm = async () => {
    setWork({ ...idle, isPending: true });
    try {
      await onConfirm();
      setWork(idle);
      setIsOpen(false);
    } catch (error) {
      setWork({ ...idle, error: error as ApiProblem });
    }
  };
  const close = () => {
    setIsOpen(false);
    setWork(idle);
  };
  return (
    <>
      <Button variant="default" size="xs" {...button} aria-label={about} onClick={() => setIsOpen(true)}>
        {label}
      </Button>
      <Modal opened={isOpen} onClose={close} title={question} closeButtonProps={{ 'aria-label': 'Close' }} centered>
        <Form action={label} onSubmit={() => void confirm()} work={work} onCancel={close} isDangerous={isDangerous}>
          <div>{children}</div>
        </Form>
      </Modal>
    </>
  );
}

const idle = { isPending: false, isSuccess: false, error: null };
