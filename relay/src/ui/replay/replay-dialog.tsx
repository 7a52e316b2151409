import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useAction } from '../api/index.ts';
import { ProblemView, useWho } from '../shell/index.ts';
import { ReplayPreview, usePreview, type Selection } from './replay-preview.tsx';

export interface ReplayDialogProps {
  /** `Replay 3 records`. */
  title: string;
  selection: Selection;
  onClose: () => void;
  onStarted: (replayId: string) => void;
}

/** Tells what would come of a replay of many, then starts it. Mounted only while it is open. */
export function ReplayDialog({ title, selection, onClose, onStarted }: ReplayDialogProps) {
  const { tenantId } = useWho();
  const preview = usePreview(selection);
  const start = useAction('replays.start');
  const wouldDoNothing = preview.data !== undefined && preview.data.wouldPass + preview.data.wouldBeSkipped === 0;
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <Stack>
        <Text size="sm">
          Sent in growing steps of 1, 10, 100 …, oldest first. It stops at the first record that ends otherwise than foreseen.
        </Text>
        <ReplayPreview preview={preview} />
        {start.error && <ProblemView problem={start.error.problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            loading={start.isPending}
            disabled={!preview.data || wouldDoNothing}
            onClick={() => start.mutate({ path: { tenantId }, body: selection }, { onSuccess: ({ id }) => onStarted(id) })}
          >
            Start
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
