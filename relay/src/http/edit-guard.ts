import { canonicalHash } from '@ml-connector/shared';
import { ApiError } from './problem.ts';
import type { Route, RouteInput } from './route.ts';

/** Keeps an edit from wiping out another one that its author has not seen. */
export interface EditGuard {
  /** The ETag of what a route answered; undefined for routes whose answers are not edited. */
  tagOf(route: Route, result: unknown): string | undefined;
  /**
   * Makes the edit when what it edits is still what `ifMatch` names, else rejects with 412. Edits of one thing through this relay come one
   * after another, so that none slips in between look and change. Answers the new tag where the thing is still there.
   */
  edit(route: Route, edit: Edit): Promise<{ result: unknown; tag: string | undefined }>;
}

export interface Edit {
  ifMatch: string | undefined;
  input: RouteInput<unknown, unknown, unknown>;
  make: () => Promise<unknown>;
}

export function guardEdits(routes: readonly Route[]): EditGuard {
  const byId = new Map(routes.map((route) => [route.id, route]));
  const queues = new Map<string, Promise<unknown>>();

  function shownBy({ edits = '' }: Route): Route | undefined {
    return byId.get(edits);
  }

  async function tagNow(view: Route, input: Edit['input']): Promise<string | undefined> {
    return tagOf(view, await view.handle({ ...input, query: {}, body: undefined }));
  }

  async function inTurn<Result>(thing: string, work: () => Promise<Result>): Promise<Result> {
    const before = queues.get(thing) ?? Promise.resolve();
    const own = before.then(work, work);
    queues.set(thing, own);
    try {
      return await own;
    } finally {
      if (queues.get(thing) === own) queues.delete(thing);
    }
  }

  return {
    tagOf,
    async edit(route, { ifMatch, input, make }) {
      const view = shownBy(route);
      if (!view) return { result: await make(), tag: undefined };
      return inTurn(`${view.id} ${canonicalHash(input.params)}`, async () => {
        if (ifMatch !== undefined) refuseOutdated(ifMatch, await tagNow(view, input));
        const result = await make();
        return { result, tag: route.method === 'delete' || ifMatch === undefined ? undefined : await tagNow(view, input) };
      });
    },
  };
}

function tagOf({ etag, answer }: Route, result: unknown): string | undefined {
  if (!etag || !answer) return undefined;
  return `"${canonicalHash(JSON.parse(JSON.stringify(etag(answer.parse(result))))).slice(0, 32)}"`;
}

function refuseOutdated(ifMatch: string, present: string | undefined): void {
  const named = ifMatch.split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (named.includes('*') || (present !== undefined && named.includes(present))) return;
  throw new ApiError(412, 'CHANGED_MEANWHILE', 'somebody else changed this since you looked at it', {
    fix: 'Look at it again, and repeat what is still wanted with the new ETag.',
  });
}
