import { Button, Grid, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useAction, type OverridePreview as Preview } from '../../api/index.ts';
import { FieldDiff, FormProblem, JsonView, Section, Signal } from '../../shell/index.ts';
import type { FlowPath, Override } from './overrides-page.tsx';
import { RecordChoice } from './record-choice.tsx';

/** What the overrides, as they are written above, do to a real record. Nothing is saved or sent. */
export function OverridePreview({ path, overrides }: { path: FlowPath; overrides: Override[] }) {
  const [recordId, setRecordId] = useState<string | null>(null);
  const preview = useAction('overrides.preview');
  return (
    <Section title="Try on a record" lead="What would be sent, without and with the overrides above. Nothing is saved or sent.">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (recordId !== null) preview.mutate({ path, body: { recordId, overrides } });
        }}
      >
        <Group align="flex-end">
          <RecordChoice path={path} recordId={recordId} onChoose={setRecordId} />
          <Button type="submit" variant="light" disabled={recordId === null} loading={preview.isPending}>
            Try
          </Button>
        </Group>
      </form>
      <FormProblem problem={preview.error?.problem} />
      {preview.data && <Outcome preview={preview.data} />}
    </Section>
  );
}

function Outcome({ preview: { before, after, fields } }: { preview: Preview }) {
  const faulty = fields.filter(({ problem }) => problem !== null);
  return (
    <Stack gap="sm">
      {fields.length > 0 && <FieldDiff fields={fields.map((field) => ({ field: field.path, before: field.before, after: field.after }))} />}
      {faulty.map(({ path, problem }) => (
        <Signal key={path} light="bad">
          {path}: {problem?.message}
        </Signal>
      ))}
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Side title="As the flow maps it" side={before} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Side title="With the overrides" side={after} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Side({ title, side }: { title: string; side: Preview['before'] }) {
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Title order={3}>{title}</Title>
        <Signal light={side.outcome === 'mapped' ? 'good' : side.outcome === 'blocked' ? 'bad' : 'off'}>{side.outcome}</Signal>
      </Group>
      {side.reasons.map(({ code, message }) => (
        <Text key={`${code} ${message}`} size="sm">
          {message}
        </Text>
      ))}
      {side.outcome === 'mapped' && <JsonView value={side.body} label={title} />}
    </Stack>
  );
}
