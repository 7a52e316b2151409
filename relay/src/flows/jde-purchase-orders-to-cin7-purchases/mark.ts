import type { OrderPayload } from './payload.ts';

/** How a purchase says whose it is, in the first line of its note: `JDE:JPD920/00200/OP/12345/000`. Orders are the same in every version. */
export function markOf(payload: OrderPayload, environment = payload.environment): string {
  return `JDE:${environment}/${keyOf(payload).split('-').join('/')}`;
}

/** Its own mark, and those from when the environment had another name. */
export function marksOf(payload: OrderPayload, formerEnvironments: readonly string[]): string[] {
  return [...new Set([payload.environment, ...formerEnvironments])].map((environment) => markOf(payload, environment));
}

/** `00200-OP-12345-000`. */
export function keyOf(payload: OrderPayload): string {
  return payload.kind === 'order' ? payload.order.key : payload.key;
}

/** The mark in a note, ours or another order's; undefined where there is none. */
export function markIn(note: string): string | undefined {
  return /^JDE:\S+(?=\s*$)/mu.exec(firstLine(note))?.[0];
}

export function firstLine(note: string): string {
  return note.split(/\r?\n/u, 1)[0]?.trim() ?? '';
}
