import { Anchor, Grid, Stack, Title } from '@mantine/core';
import { Link, useParams } from 'wouter';
import { useApi } from '../../api/index.ts';
import { Empty, Loading, ProblemView, useWho } from '../../shell/index.ts';
import { Facts } from './facts.tsx';
import { Payload } from './payload.tsx';
import { Reasons } from './reasons.tsx';
import { RecordActions } from './record-actions.tsx';
import { RecordHead } from './record-head.tsx';
import { RecordTimeline } from './timeline.tsx';

const everyMs = 5000;

/** What happened to one document: from its trigger to the ids on both sides. */
export function RecordPage() {
  const { tenantId } = useWho();
  const { recordId } = useParams<{ recordId: string }>();
  const story = useApi('records.story', { path: { tenantId, recordId } }, { everyMs });
  if (story.error?.problem.status === 404)
    return (
      <Empty title="There is no such record in this tenant">
        It may belong to another tenant, or the retention removed it.{' '}
        <Anchor component={Link} href="/records">
          Search all records
        </Anchor>
      </Empty>
    );
  if (story.error && !story.data) return <ProblemView problem={story.error.problem} />;
  if (!story.data) return <Loading />;
  return (
    <Stack key={recordId}>
      {story.error && <ProblemView problem={story.error.problem} />}
      <RecordHead story={story.data} />
      <RecordActions story={story.data} />
      <Reasons story={story.data} />
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Title order={2} mb="sm">
            What happened
          </Title>
          <RecordTimeline story={story.data} />
          <Payload story={story.data} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Facts story={story.data} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
