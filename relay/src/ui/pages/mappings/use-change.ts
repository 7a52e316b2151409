import { useState } from 'react';
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
