import { CopyButton, UnstyledButton } from '@mantine/core';

/** An id that a click copies. */
export function CopyText({ text, label = text }: { text: string; label?: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <UnstyledButton onClick={copy} ff="monospace" fz="inherit" c="inherit" title={`Copy ${text}`} aria-label={`Copy ${label}`}>
          {copied ? 'copied' : label}
        </UnstyledButton>
      )}
    </CopyButton>
  );
}
