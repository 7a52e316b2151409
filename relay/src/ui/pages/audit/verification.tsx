import { Alert, Button, Stack, Table, Text } from '@mantine/core';
import { useAction, useApi, type AuditVerification } from '../../api/index.ts';
import { CopyText, FormProblem, Loading, ProblemView, Section, Time, useWho } from '../../shell/index.ts';

const faultWords: Record<AuditVerification['faults'][number]['fault'], string> = {
  edited: 'The event is not as it was written',
  removed: 'Events are missing',
  'not linked': 'The event does not follow the one before it: reordered, or put in between',
  inserted: 'The event was put there after its day was anchored',
  'content removed': 'The content is gone though no retention dropped it',
  'anchor edited': 'The anchor, or what it lists, is not as it was signed',
  'anchor removed': 'An anchor is missing',
  'anchor forged': 'The anchor was not signed by this relay',
};

/** Reads the whole trail again and compares it with its hashes and anchors; it goes on when one leaves. */
export function Verification() {
  const path = { tenantId: useWho().tenantId };
  const start = useAction('audit.verification.start');
  const verification = useApi('audit.verification.get', { path });
  const isRunning = verification.data?.state === 'running';
  useApi('audit.verification.get', { path }, { everyMs: 1000, enabled: isRunning });
  if (verification.error && !verification.data) return <ProblemView problem={verification.error.problem} />;
  if (!verification.data) return <Loading />;
  return (
    <Section
      title="Verification"
      lead="Every event carries the hash of the one before it. A verification reads the whole trail and says whether somebody changed it."
      actions={
        <Button loading={start.isPending || isRunning} onClick={() => start.mutate({ path })}>
          Verify now
        </Button>
      }
    >
      <FormProblem problem={start.error?.problem} />
      <Result verification={verification.data} />
    </Section>
  );
}

function Result({
  verification: { state, events, chains, endedAt, startedAt, anchoredThrough, faultCount, faults, problem },
}: {
  verification: AuditVerification;
}) {
  if (state === 'never') return <Text component="output">It was not verified yet.</Text>;
  if (state === 'running')
    return (
      <Text component="output">
        Under way
        {startedAt && (
          <>
            {' '}
            since <Time at={startedAt} ago />
          </>
        )}
        : {events.toLocaleString()} events so far.
      </Text>
    );
  if (state === 'failed')
    return (
      <Alert color="red" variant="light" title="It could not be verified" role="alert">
        {problem}
      </Alert>
    );
  const looked = (
    <Text size="sm">
      {events.toLocaleString()} events in {(chains ?? 0).toLocaleString()} trails
      {endedAt && (
        <>
          , <Time at={endedAt} />
        </>
      )}
      .{' '}
      {anchoredThrough ? (
        <>
          Anchored through <Time at={anchoredThrough} />.
        </>
      ) : (
        'Nothing is anchored yet.'
      )}
    </Text>
  );
  if (state === 'intact')
    return (
      <Alert color="teal" variant="light" title="Intact: the trail is as it was written">
        {looked}
      </Alert>
    );
  return (
    <Stack gap="sm">
      <Alert color="red" variant="light" title={`Damaged: ${faultCount.toLocaleString()} faults`} role="alert">
        {looked}
      </Alert>
      <Table.ScrollContainer minWidth={640} mah={400}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>What</Table.Th>
              <Table.Th>Where</Table.Th>
              <Table.Th>Day</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {faults.map(({ subjectId, seq, fault, day, detail }) => (
              <Table.Tr key={`${subjectId ?? ''} ${seq} ${fault}`}>
                <Table.Td>
                  {faultWords[fault]}
                  <Text size="xs" c="dimmed">
                    {detail}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {subjectId ? <CopyText text={subjectId} /> : 'anchor'} {seq}
                </Table.Td>
                <Table.Td>{day}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
