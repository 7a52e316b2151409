import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { openLiveLine } from './live-line.ts';
import { isTouched, type LiveChange } from './live-topics.ts';

/** A busy relay tells of changes all the time; what is shown is asked for again once in so long. */
const gatherMs = 1000;
/** A line that is back so soon was never missed. */
const patienceMs = 3000;

/** Keeps what is shown of a tenant up to date, for as long as it is mounted. Answers false once the line to the relay is broken. */
export function useLive(tenantId: string): boolean {
  const queries = useQueryClient();
  const [isLive, setIsLive] = useState(true);
  useEffect(() => {
    const gathered = gather((changes) => {
      void queries.invalidateQueries({ predicate: ({ queryKey }) => changes === 'all' || isTouched(queryKey, changes) });
    });
    let missing: number | undefined;
    const line = openLiveLine(tenantId, {
      onChanges: gathered.add,
      onState(isConnected) {
        window.clearTimeout(missing);
        if (isConnected) setIsLive(true);
        else missing = window.setTimeout(() => setIsLive(false), patienceMs);
      },
    });
    return () => {
      line.hangUp();
      gathered.stop();
      window.clearTimeout(missing);
    };
  }, [queries, tenantId]);
  return isLive;
}

type Changes = LiveChange[] | 'all';

/** Hands on the first change at once, and what follows closely together. */
function gather(handOn: (changes: Changes) => void): { add: (changes: Changes) => void; stop: () => void } {
  let waiting: Changes = [];
  let timer: number | undefined;
  const next = (): void => {
    timer = undefined;
    if (waiting.length === 0) return;
    const changes = waiting;
    waiting = [];
    timer = window.setTimeout(next, gatherMs);
    handOn(changes);
  };
  return {
    add(changes) {
      waiting = changes === 'all' || waiting === 'all' ? 'all' : [...waiting, ...changes];
      if (timer === undefined) next();
    },
    stop: () => window.clearTimeout(timer),
  };
}
