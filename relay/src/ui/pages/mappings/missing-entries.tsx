import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type MissingEntry, type ValueMap } from '../../api/index.ts';
import { FormProblem, Section, Signal, useWho } from '../../shell/index.ts';
import { CodeField } from './code-field.tsx';
import { useMapChange, type MapPath, type Release } from './use-change.ts';
import { counted } from './words.ts';

const shownAtFirst = 50;

export interface MissingEntriesProps {
  map: ValueMap;
  path: MapPath;
  onReleased: (release: Release) => void;
}

/** Codes that records wait for, with what they could stand for. */
export function MissingEntries({ map, path, onReleased }: MissingEntriesProps) {
  const { may } = useWho();
  const [shown, setShown] = useState(shownAtFirst);
  const accept = useMapChange('value-maps.proposals.accept', onReleased);
  const { missingEntries } = map;
  const certain = missingEntries.filter(({ code }) => proposalsFor(map, code).length === 1).map(({ code }) => code);
  if (missingEntries.length === 0)
    return (
      <Section title="Missing entries">
        <Signal light="good">No record waits for an entry of this map.</Signal>
      </Section>
    );
  const acceptAll = may('operator') && certain.length > 0 && (
    <Button size="xs" loading={accept.isPending} onClick={() => accept.send({ path, body: { codes: certain } })}>
      {certain.length === 1 ? 'Accept the proposal' : `Accept all ${certain.length} proposals`}
    </Button>
  );
  return (
    <Section title="Missing entries" lead="An entry lets the records go that wait for it." actions={acceptAll}>
      <FormProblem problem={accept.error?.problem} />
      <div>
        {missingEntries.slice(0, shown).map((missing) => (
          <Missing key={missing.code} missing={missing} map={map} path={path} onReleased={onReleased} />
        ))}
      </div>
      {missingEntries.length > shown && (
        <Button variant="default" size="xs" onClick={() => setShown(shown + 200)} style={{ alignSelf: 'center' }}>
          {missingEntries.length - shown} more
        </Button>
      )}
    </Section>
  );
}

function Missing({ missing, map, path, onReleased }: MissingEntriesProps & { missing: MissingEntry }) {
  const { may } = useWho();
  const { code, name, records, examples } = missing;
  const proposals = proposalsFor(map, code);
  const [to, setTo] = useState(proposals.length === 1 ? (proposals[0]?.to ?? '') : '');
  const put = useMapChange('value-maps.entries.put', onReleased);
  const why = proposals.find((proposal) => proposal.to === to)?.why;
  return (
    <div className="missing-row">
      <Stack gap={2}>
        <Group gap="xs">
          <Text span ff="monospace" fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
            {code}
          </Text>
          <Text span size="sm">
            {name}
          </Text>
          <Badge color="red" variant="light" tt="none">
            {counted(records, 'record')}
          </Badge>
        </Group>
        <Text size="xs" c="dimmed">
          {examples.join(', ')}
          {records > examples.length && ' …'}
        </Text>
      </Stack>
      {may('operator') ? (
        <form
          id={`missing-${code}`}
          onSubmit={(event) => {
            event.preventDefault();
            if (to !== '') put.send({ path, body: { entries: [{ from: code, to }] } });
          }}
        >
          <CodeField value={to} onChange={setTo} codes={map.targetCodes} label={`${map.to} for ${code}`} />
          {why && (
            <Text size="xs" c="dimmed">
              Proposed: {why}
            </Text>
          )}
          {proposals.length > 1 && (
            <Group gap={4} mt={4}>
              {proposals.map((proposal) => (
                <Button key={proposal.to} size="compact-xs" variant="light" onClick={() => setTo(proposal.to)} title={proposal.why}>
                  {proposal.toName || proposal.to}
                </Button>
              ))}
            </Group>
          )}
          <FormProblem problem={put.error?.problem} />
        </form>
      ) : (
        <Text size="sm" c="dimmed">
          {proposals.length === 1 ? `Proposed: ${proposals[0]?.toName || proposals[0]?.to}` : 'An operator sets the entry.'}
        </Text>
      )}
      {may('operator') && (
        <Button
          type="submit"
          form={`missing-${code}`}
          size="xs"
          disabled={to === ''}
          loading={put.isPending}
          aria-label={`Set the entry for ${code}`}
        >
          Set
        </Button>
      )}
    </div>
  );
}

function proposalsFor({ proposals }: ValueMap, code: string): ValueMap['proposals'] {
  return proposals.filter(({ from }) => from === code);
}
