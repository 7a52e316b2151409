import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useAction } from '../../api/index.ts';
import { ProblemView, useWho } from '../../shell/index.ts';
import type { Story } from './story.ts';

export function UnlinkDialog({ story: { record, flow, link }, onClose }: { story: Story; onClose: () => void }) {
  const { tenantId } = useWho();
  const unlink = useAction('records.unlink');
  return (
    <Modal opened onClose={onClose} title="Unlink this record" centered>
      <Stack>
        <Text size="sm">
          The relay forgets that {record.key} is {link?.targetLabel} ({link?.targetId}) in {flow.target}. For an object that was deleted
          there, or is another one. Nothing is deleted in {flow.target}. The next post looks for it anew and creates it only where there is
          none: replay the record afterwards.
        </Text>
        {unlink.error && <ProblemView problem={unlink.error.problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            color="red"
            loading={unlink.isPending}
            onClick={() => unlink.mutate({ path: { tenantId, recordId: record.id } }, { onSuccess: onClose })}
          >
            Unlink
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
