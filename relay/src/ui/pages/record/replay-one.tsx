import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useLocation } from 'wouter';
import { useAction } from '../../api/index.ts';
import { ReplayPreview, usePreview } from '../../replay/index.ts';
import { ProblemView, useWho } from '../../shell/index.ts';
import type { Story } from './story.ts';

/** Says what would come of it before it is done; a finished record becomes a new version, which is opened. */
export function ReplayOne({ story: { record, flow }, onClose }: { story: Story; onClose: () => void }) {
  const { tenantId } = useWho();
  const [, go] = useLocation();
  const preview = usePreview({ recordIds: [record.id] });
  const replay = useAction('records.replay');
  const isOver = record.state === 'succeeded' || record.state === 'skipped';
  const start = (): void =>
    replay.mutate(
      { path: { tenantId }, body: { recordIds: [record.id] } },
      {
        onSuccess: ({ created, released, untouched }) => {
          const [newest] = [...created, ...released];
          if (newest !== undefined && newest !== record.id) go(`/records/${newest}`);
          if (untouched.length === 0) onClose();
        },
      },
    );
  return (
    <Modal opened onClose={onClose} title="Replay this record" centered>
      <Stack>
        <Text size="sm">
          {isOver
            ? `It becomes a new version: an update of what ${flow.target} holds, never a second creation.`
            : `It is mapped and sent again. ${flow.target} is asked first whether it holds it already.`}
        </Text>
        <ReplayPreview preview={preview} />
        {replay.data && replay.data.untouched.length > 0 && <Text size="sm">It is under way already; nothing was changed.</Text>}
        {replay.error && <ProblemView problem={replay.error.problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button onClick={start} loading={replay.isPending} data-autofocus>
            Replay
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
