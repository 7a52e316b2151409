import { Box, CopyButton, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import './json-view.css';

const shownItems = 100;
const shownCharacters = 400;
/** A branch with no more leaves than this stands open. */
const smallLeaves = 12;

/** A value as indented JSON. Large branches are closed, long lists and texts are cut, and opened by a click. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  return (
    <Box component="section" className="json" aria-label={label}>
      <CopyJson value={value} label={label} />
      <Value value={value} isRoot />
    </Box>
  );
}

function CopyJson({ value, label }: { value: unknown; label: string }) {
  return (
    <CopyButton value={JSON.stringify(value, null, 2)}>
      {({ copied, copy }) => (
        <UnstyledButton className="json-copy" onClick={copy} aria-label={`Copy ${label}`} title="Copy as JSON">
          {copied ? 'copied' : 'copy'}
        </UnstyledButton>
      )}
    </CopyButton>
  );
}

function Value({ name, value, isRoot = false }: { name?: string; value: unknown; isRoot?: boolean }) {
  const isBranch = value !== null && typeof value === 'object' && Object.keys(value).length > 0;
  if (isBranch) return <Branch {...(name === undefined ? {} : { name })} value={value} isRoot={isRoot} />;
  return (
    <div className="json-line">
      <Name name={name} />
      <Leaf value={value} />
    </div>
  );
}

function Branch({ name, value, isRoot }: { name?: string; value: object; isRoot: boolean }) {
  const [isOpen, setOpen] = useState(() => isRoot || leavesOf(value, smallLeaves) <= smallLeaves);
  const [shown, setShown] = useState(shownItems);
  const entries = Object.entries(value);
  const isList = Array.isArray(value);
  const left = entries.length - shown;
  return (
    <details className="json-branch" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Name name={name} />
        <span className="json-sign">{isOpen ? (isList ? '[' : '{') : summaryOf(entries, isList)}</span>
      </summary>
      {isOpen && (
        <div className="json-inner">
          {entries.slice(0, shown).map(([key, inner]) => (
            <Value key={key} name={key} value={inner} />
          ))}
          {left > 0 && (
            <UnstyledButton className="json-more" onClick={() => setShown(shown + 10 * shownItems)}>
              {left} more
            </UnstyledButton>
          )}
        </div>
      )}
    </details>
  );
}

function Name({ name }: { name: string | undefined }) {
  return name === undefined ? null : <span className="json-name">{name}: </span>;
}

function Leaf({ value }: { value: unknown }) {
  const [isWhole, setWhole] = useState(false);
  const text = value === undefined ? '' : JSON.stringify(value);
  const isLong = text.length > shownCharacters && !isWhole;
  return (
    <span className={`json-${value === null ? 'null' : typeof value}`}>
      {isLong ? text.slice(0, shownCharacters) : text}
      {isLong && (
        <UnstyledButton className="json-more" onClick={() => setWhole(true)}>
          … {text.length - shownCharacters} more characters
        </UnstyledButton>
      )}
    </span>
  );
}

function summaryOf(entries: [string, unknown][], isList: boolean): string {
  if (isList) return `[ ${entries.length === 1 ? '1 entry' : `${entries.length} entries`} ]`;
  const names = entries.slice(0, 4).map(([name]) => name);
  return `{ ${names.join(', ')}${entries.length > names.length ? ', …' : ''} }`;
}

/** Counts no further than `most` and a bit. */
function leavesOf(value: unknown, most: number): number {
  if (value === null || typeof value !== 'object') return 1;
  let leaves = 0;
  for (const inner of Object.values(value)) {
    leaves += leavesOf(inner, most - leaves);
    if (leaves > most) break;
  }
  return leaves;
}
