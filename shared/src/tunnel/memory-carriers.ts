import { MessageCarrier } from './message-carrier.ts';

export interface CarrierPair {
  agent: MessageCarrier;
  relay: MessageCarrier;
  /** Both ends lose the other at once, as when a cable is pulled and noticed. */
  cut(): void;
  /** From now on nothing arrives on either end, and nobody is told. */
  silence(): void;
}

/** Two carriers joined in this process, through the real codec and batching. */
export function memoryCarriers(): CarrierPair {
  let isSilent = false;
  const lost = { code: 'CONNECTION_LOST', message: 'the connection was cut' };
  const pipeTo = (other: () => MessageCarrier) => ({
    write: (message: Buffer, written: () => void) => {
      setImmediate(() => {
        if (!isSilent) other().received(message);
        written();
      });
    },
    end: () => {
      setImmediate(() => {
        if (!isSilent) other().closed({ code: 'CONNECTION_LOST', message: 'the other end closed the connection' });
      });
    },
    destroy: () => {},
  });
  const agent: MessageCarrier = new MessageCarrier(
    pipeTo(() => relay),
    'relay in memory',
  );
  const relay: MessageCarrier = new MessageCarrier(
    pipeTo(() => agent),
    'agent in memory',
  );
  return {
    agent,
    relay,
    cut: () => {
      agent.closed(lost);
      relay.closed(lost);
    },
    silence: () => {
      isSilent = true;
    },
  };
}
