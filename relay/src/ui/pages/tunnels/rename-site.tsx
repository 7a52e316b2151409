import { Button, Modal, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useAction, type Site } from '../../api/index.ts';
import { faultOf, Form, useWho } from '../../shell/index.ts';

export function RenameSite({ site }: { site: Site }) {
  const { tenantId } = useWho();
  const [isOpen, { open, close }] = useDisclosure();
  const [name, setName] = useState(site.name);
  const rename = useAction('sites.rename');
  const submit = () => rename.mutate({ path: { tenantId, siteId: site.id }, body: { name } }, { onSuccess: close });
  const begin = () => {
    rename.reset();
    setName(site.name);
    open();
  };
  return (
    <>
      <Button size="xs" variant="default" onClick={begin} aria-label={`Rename ${site.name}`}>
        Rename
      </Button>
      <Modal opened={isOpen} onClose={close} title={`Rename ${site.name}`} closeButtonProps={{ 'aria-label': 'Close' }} centered>
        <Form action="Rename" onSubmit={submit} work={rename} onCancel={close} fields={['name']}>
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={faultOf(rename.error?.problem, 'name')}
            data-autofocus
            required
          />
        </Form>
      </Modal>
    </>
  );
}
