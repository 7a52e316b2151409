import { Button, FileButton, Group, Modal, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/index.ts';
import { FormProblem } from '../../shell/index.ts';
import { ImportPlan } from './import-plan.tsx';
import { readText } from './read-text.ts';
import type { MapPath, Release } from './use-change.ts';

type Mode = 'merge' | 'replace';

/** Entries from a spreadsheet: pasted, or as a file; what would change is shown first. */
export function ImportDialog({ path, onReleased }: { path: MapPath; onReleased: (release: Release) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setIsOpen(true)}>
        Paste or import
      </Button>
      {isOpen && <Dialog path={path} onReleased={onReleased} onClose={() => setIsOpen(false)} />}
    </>
  );
}

function Dialog({ path, onReleased, onClose }: { path: MapPath; onReleased: (release: Release) => void; onClose: () => void }) {
  const [text, setText] = useState('');
  const [mode, setMode] = useState<Mode>('merge');
  const preview = useAction('value-maps.import.preview');
  const run = useAction('value-maps.import');
  const changed = (next: { text?: string; mode?: Mode }): void => {
    setText(next.text ?? text);
    setMode(next.mode ?? mode);
    preview.reset();
  };
  const plan = preview.data;
  const changes = plan ? plan.added.length + plan.changed.length + plan.removed.length : 0;
  const call = { path, query: { mode }, body: { csv: text } };
  return (
    <Modal opened onClose={onClose} title="Entries from a spreadsheet" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!plan) return preview.mutate(call);
          run.mutate(call, {
            onSuccess(done) {
              onReleased(done);
              onClose();
            },
          });
        }}
      >
        <Stack>
          <Textarea
            label="Two columns"
            description="Code and target code, one pair per line, as they are copied from a spreadsheet; comma or semicolon will do, too."
            value={text}
            onChange={(event) => changed({ text: event.currentTarget.value })}
            minRows={6}
            maxRows={14}
            autosize
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            data-autofocus
          />
          <Group justify="space-between">
            <FileButton
              accept=".csv,.tsv,.txt,text/csv,text/plain"
              onChange={(file) => file && void readText(file).then((read) => changed({ text: read }))}
            >
              {(props) => (
                <Button variant="default" size="xs" {...props}>
                  Choose a file
                </Button>
              )}
            </FileButton>
            <SegmentedControl
              size="xs"
              value={mode}
              onChange={(chosen) => changed({ mode: chosen })}
              data={[
                { value: 'merge', label: 'Add and change' },
                { value: 'replace', label: 'Replace all entries' },
              ]}
              aria-label="What happens to entries that are not in it"
            />
          </Group>
          {mode === 'replace' && (
            <Text size="sm" c="dimmed">
              Entries that are not in it are taken away.
            </Text>
          )}
          {plan && <ImportPlan plan={plan} />}
          <FormProblem problem={(preview.error ?? run.error)?.problem} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={preview.isPending || run.isPending}
              disabled={text.trim() === '' || (plan !== undefined && (plan.faults.length > 0 || changes === 0))}
            >
              {plan ? `Import ${changes === 1 ? '1 change' : `${changes} changes`}` : 'Show what would change'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
