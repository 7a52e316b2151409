import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { IssuedEnrollToken, Site } from '../../api/index.ts';
import { EnrolCommands } from './enrol-commands.tsx';
import { EnrolForm } from './enrol-form.tsx';

/** Enrols an agent: a site, a one-time token, the commands for the machine, and a sign when it is there. */
export function EnrolButton({ sites, isSmall = false }: { sites: Site[]; isSmall?: boolean }) {
  const [isOpen, { open, close }] = useDisclosure();
  const [issued, setIssued] = useState<{ site: Site; token: IssuedEnrollToken }>();
  const begin = () => {
    setIssued(undefined);
    open();
  };
  const only = isSmall ? sites[0] : undefined;
  return (
    <>
      <Button
        onClick={begin}
        size={isSmall ? 'xs' : 'sm'}
        variant={isSmall ? 'light' : 'filled'}
        {...(only && { 'aria-label': `Enrol an agent at ${only.name}` })}
      >
        Enrol an agent
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={issued ? `Enrol an agent at ${issued.site.name}` : 'Enrol an agent'}
        size="lg"
        closeOnClickOutside={issued === undefined}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {issued ? (
          <EnrolCommands {...issued} onClose={close} />
        ) : (
          <EnrolForm sites={sites} only={only} onCancel={close} onIssued={(site, token) => setIssued({ site, token })} />
        )}
      </Modal>
    </>
  );
}
