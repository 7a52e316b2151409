import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { useAction, useApi, type Answer } from '../../api/index.ts';
import { Form, Loading, PageHead, ProblemView, Section, useNames, useWho } from '../../shell/index.ts';
import { DraftMapping } from './draft-mapping.tsx';
import './mappings.css';
import { OverrideFields } from './override-fields.tsx';
import { OverrideHistory } from './override-history.tsx';
import { OverridePreview } from './override-preview.tsx';
import { counted } from './words.ts';

export interface FlowPath {
  tenantId: string;
  integrationId: string;
  flowId: string;
}

export type Override = Answer<'overrides.get'>['overrides'][number];

/** Fields of a flow that are filled otherwise than it does: tried on a real record, compared as a draft, then put in force. */
export function OverridesPage() {
  const { integrationId = '', flowId = '' } = useParams();
  const path = { tenantId: useWho().tenantId, integrationId, flowId };
  const names = useNames();
  const found = useApi('overrides.get', { path });
  if (found.error && !found.data) return <ProblemView problem={found.error.problem} />;
  if (!found.data) return <Loading />;
  const above = (
    <Group gap={6} fz="sm">
      <Anchor component={Link} href="/mappings" inherit>
        Mappings
      </Anchor>
      <span aria-hidden>›</span>
      <Anchor component={Link} href={`/integrations/${integrationId}`} inherit>
        {names.integration(integrationId)}
      </Anchor>
    </Group>
  );
  return (
    <Stack>
      <PageHead title="Field overrides" lead={names.flow(flowId)} above={above} />
      <Editor key={found.data.history[0]?.number ?? 0} path={path} inForce={found.data.overrides} />
      <OverrideHistory history={found.data.history} />
    </Stack>
  );
}

function Editor({ path, inForce }: { path: FlowPath; inForce: Override[] }) {
  const { may } = useWho();
  const [overrides, setOverrides] = useState(inForce);
  const [note, setNote] = useState('');
  const check = useAction('overrides.check');
  const save = useAction('overrides.save');
  const isChanged = JSON.stringify(overrides) !== JSON.stringify(inForce);
  const problem = (save.error ?? check.error)?.problem;
  const edit = (next: Override[]): void => {
    setOverrides(next);
    save.reset();
    check.reset();
  };
  const checkButton = may('operator') && overrides.length > 0 && (
    <Group gap="xs">
      <Text size="sm" c="dimmed" component="output">
        {check.isSuccess && 'Nothing wrong with them.'}
      </Text>
      <Button variant="default" size="xs" loading={check.isPending} onClick={() => check.mutate({ path, body: { overrides } })}>
        Check
      </Button>
    </Group>
  );
  return (
    <>
      <Section
        title="Overrides"
        lead="A field of what is sent, and the JSONata that fills it from payload, body, settings and lookup."
        actions={checkButton}
      >
        {may('admin') ? (
          <Form
            action="Put in force"
            work={isChanged ? { ...save, error: save.error ?? check.error } : { ...save, error: null }}
            done={`In force; ${counted(save.data?.released ?? 0, 'record')} mapped again`}
            fields={overrides.flatMap((_one, place) => [`overrides.${place}.path`, `overrides.${place}.expression`])}
            onSubmit={() => save.mutate({ path, body: { overrides, note } })}
          >
            <OverrideFields overrides={overrides} onChange={edit} problem={problem} />
            {isChanged && (
              <TextInput
                label="Why"
                description="For those who come after"
                value={note}
                onChange={(event) => setNote(event.currentTarget.value)}
                maxLength={500}
              />
            )}
          </Form>
        ) : (
          <OverrideFields overrides={overrides} onChange={edit} problem={problem} isReadOnly={!may('operator')} />
        )}
      </Section>
      {may('operator') && <OverridePreview path={path} overrides={overrides} />}
      <DraftMapping path={path} overrides={overrides} isChanged={isChanged} />
    </>
  );
}
