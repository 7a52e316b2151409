import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useAction, type ValueMap } from '../../api/index.ts';
import { ConfirmButton, FormProblem, useWho } from '../../shell/index.ts';
import { CodeField } from './code-field.tsx';
import type { MapPath, Release } from './use-change.ts';
import type { CodeName } from './words.ts';

export interface EntryRowProps {
  entry: ValueMap['entries'][number];
  codes: readonly CodeName[];
  path: MapPath;
  isEditing: boolean;
  onEdit: (isEditing: boolean) => void;
  onReleased: (release: Release) => void;
}

/** One entry; the target's code is changed in place. */
export function EntryRow({ entry, codes, path, isEditing, onEdit, onReleased }: EntryRowProps) {
  const { may } = useWho();
  const remove = useAction('value-maps.entries.delete');
  const { from, fromName, to, toName } = entry;
  return (
    <>
      <Code code={from} name={fromName} />
      {isEditing ? (
        <EditTarget entry={entry} codes={codes} path={path} onDone={() => onEdit(false)} onReleased={onReleased} />
      ) : (
        <Code code={to} name={toName} />
      )}
      <Group gap={4} wrap="nowrap">
        {may('operator') && !isEditing && (
          <>
            <Button size="compact-xs" variant="subtle" onClick={() => onEdit(true)} aria-label={`Change the entry for ${from}`}>
              Change
            </Button>
            <ConfirmButton
              label="Delete"
              about={`Delete the entry for ${from}`}
              question={`Delete the entry for ${from}?`}
              size="compact-xs"
              variant="subtle"
              color="red"
              onConfirm={() => remove.mutateAsync({ path, query: { from } })}
            >
              Records that are mapped from now on miss it; what was posted stays as it is.
            </ConfirmButton>
          </>
        )}
      </Group>
    </>
  );
}

function EditTarget({
  entry,
  codes,
  path,
  onDone,
  onReleased,
}: Pick<EntryRowProps, 'entry' | 'codes' | 'path' | 'onReleased'> & { onDone: () => void }) {
  const [to, setTo] = useState(entry.to);
  const put = useAction('value-maps.entries.put');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        put.mutate(
          { path, body: { entries: [{ from: entry.from, to }] } },
          {
            onSuccess(done) {
              onReleased(done);
              onDone();
            },
          },
        );
      }}
    >
      <Group gap="xs" wrap="nowrap">
        <div style={{ flex: 1 }}>
          <CodeField value={to} onChange={setTo} codes={codes} label={`New code for ${entry.from}`} isFocused onCancel={onDone} />
        </div>
        <Button type="submit" size="compact-xs" loading={put.isPending} disabled={to.trim() === ''}>
          Save
        </Button>
        <Button size="compact-xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
      <FormProblem problem={put.error?.problem} />
    </form>
  );
}

function Code({ code, name }: { code: string; name: string }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="sm" ff="monospace" truncate title={code}>
        {code}
      </Text>
      {name !== '' && name !== code && (
        <Text size="xs" c="dimmed" truncate title={name}>
          {name}
        </Text>
      )}
    </div>
  );
}
