import { Alert, Group, List, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { callApi, type Answer, type ApiProblem, type Operations } from '../api/index.ts';
import { ProblemView, useWho } from '../shell/index.ts';

export type Selection = Operations['replays.start']['body'];
type Preview = Answer<'replays.preview'>;

/** What would become of these records if they were replayed now; nothing is sent. */
export function usePreview(selection: Selection) {
  const { tenantId } = useWho();
  return useQuery<Preview, ApiProblem>({
    queryKey: ['replays.preview', tenantId, selection],
    queryFn: ({ signal }) => callApi('replays.preview', { path: { tenantId }, body: selection, signal }),
    // Mapping some thousand records takes its time: looked at once, when the dialog opens, whatever changes meanwhile.
    staleTime: 'static',
    gcTime: 0,
  });
}

export function ReplayPreview({ preview }: { preview: ReturnType<typeof usePreview> }) {
  if (preview.error) return <ProblemView problem={preview.error.problem} />;
  if (!preview.data)
    return (
      <Group gap="xs" component="output">
        <Loader size="xs" />
        <Text size="sm">Mapping the records as the mapping is today …</Text>
      </Group>
    );
  const { selected, examined, blockedBy } = preview.data;
  return (
    <Stack gap="xs">
      {selected === 0 && <Text size="sm">No records match any more.</Text>}
      {outcomesOf(preview.data).map(([records, words, colour]) => (
        <Text key={words} size="sm">
          <Text span fw={700} c={colour}>
            {records.toLocaleString()}
          </Text>{' '}
          {words}
        </Text>
      ))}
      {examined < selected && (
        <Text size="sm" c="dimmed">
          The first {examined.toLocaleString()} of {selected.toLocaleString()} were looked at.
        </Text>
      )}
      {blockedBy.length > 0 && (
        <Alert color="orange" variant="light" title="What still holds them">
          <List size="sm">
            {blockedBy.slice(0, 8).map(({ code, message, records, examples }) => (
              <List.Item key={`${code} ${message}`}>
                {records} × {message}
                {examples[0] ? `, for example ${examples[0].label || examples[0].key}` : ''}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </Stack>
  );
}

function outcomesOf({ wouldPass, wouldBeSkipped, stillBlocked, underWay }: Preview): [number, string, string][] {
  const outcomes: [number, string, string][] = [
    [wouldPass, 'would go out', 'teal'],
    [wouldBeSkipped, 'would be skipped by the mapping', 'dimmed'],
    [stillBlocked, 'would stay blocked: not touched', 'orange'],
    [underWay, 'under way already: not touched', 'dimmed'],
  ];
  return outcomes.filter(([records]) => records > 0);
}
