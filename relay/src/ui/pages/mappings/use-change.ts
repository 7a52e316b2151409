import { useState } from 'react';
import { useAction, type OperationId } from '../../api/index.ts';
import { useWho } from '../../shell/index.ts';

/** What a change of a value map let go. */
export interface Release {
  released: number;
  changedAt: string;
}

export interface MapPath {
  tenantId: string;
  integrationId: string;
  valueMapId: string;
}

export function useMapPath(integrationId: string, valueMapId: string): MapPath {
  return { tenantId: useWho().tenantId, integrationId, valueMapId };
}

type Releasing = Extract<OperationId, 'value-maps.entries.put' | 'value-maps.policy' | 'value-maps.proposals.accept'>;

/** A change that may let records go. It tells so also when the row that it was made in is gone by then. */
export function useMapChange<Id extends Releasing>(id: Id, onReleased: (release: Release) => void) {
  const action = useAction(id);
  const send = (call: Parameters<typeof action.mutate>[0]): void => {
    action.mutateAsync(call).then(onReleased, () => undefined); // what went wrong stands in `error`
  };
  return { ...action, send };
}

/** Keeps the earliest change of this visit, so that the records of several changes are counted together. */
export function useReleases(): { release: Release | undefined; keep: (done: Release) => void; forget: () => void } {
  const [release, setRelease] = useState<Release>();
  return {
    release,
    keep({ released, changedAt }) {
      if (released === 0) return;
      setRelease((before) => (before ? { released: before.released + released, changedAt: before.changedAt } : { released, changedAt }));
    },
    forget: () => setRelease(undefined),
  };
}
