import { Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import type { ValueMap } from '../../api/index.ts';
import { Form, Section, Signal, useWho } from '../../shell/index.ts';
import { CodeField } from './code-field.tsx';
import type { MissingEntriesProps } from './missing-entries.tsx';
import { useMapChange } from './use-change.ts';

type Policy = ValueMap['missing'];
const policies: [Policy, string, string][] = [
  ['block', 'The record waits', 'It is blocked until somebody sets the entry.'],
  ['default', 'A default is used', 'One code of the target for everything without entry.'],
  ['pass', 'The code goes through', 'It is sent as it came.'],
];

/** What happens to a code without entry. */
export function PolicyForm({ map, path, onReleased }: MissingEntriesProps) {
  const { may } = useWho();
  const [missing, setMissing] = useState<Policy>(map.missing);
  const [defaultCode, setDefaultCode] = useState(map.defaultCode ?? '');
  const change = useMapChange('value-maps.policy', onReleased);
  const present = policies.find(([policy]) => policy === map.missing);
  if (!may('admin'))
    return (
      <Section title="Codes without entry">
        <Signal light="off">
          {present?.[1]}
          {map.defaultCode !== null && `: ${map.defaultCode}`}. {present?.[2]}
        </Signal>
      </Section>
    );
  return (
    <Section title="Codes without entry" lead="What happens to a record whose code has no entry.">
      <Form
        action="Save"
        work={change}
        done="Saved"
        fields={[]}
        onSubmit={() => change.send({ path, body: { missing, defaultCode: missing === 'default' ? defaultCode : null } })}
      >
        <Radio.Group value={missing} onChange={(chosen) => setMissing(chosen)} aria-label="Codes without entry">
          <Stack gap="xs">
            {policies.map(([policy, label, description]) => (
              <Radio key={policy} value={policy} label={label} description={description} />
            ))}
          </Stack>
        </Radio.Group>
        {missing === 'default' && (
          <CodeField
            value={defaultCode}
            onChange={setDefaultCode}
            codes={map.targetCodes}
            label="Default code"
            placeholder="Default code"
          />
        )}
      </Form>
    </Section>
  );
}
