import { canonicalHash } from '@ml-connector/shared';
import { z } from 'zod';
import { idempotencySecret, type IdempotencyKeyRow } from '../store/index.ts';
import type { Caller } from './caller.ts';
import { ApiError, conflict, toApiError } from './problem.ts';
import type { Route } from './route.ts';
import type { Services } from './services.ts';

export interface Write {
  route: Route;
  /** As the caller sent it. */
  key: string;
  caller: Caller;
  services: Services;
  /** Everything that makes it this write and no other. */
  request: { params: unknown; query: unknown; body: unknown };
}

export interface Done {
  result: unknown;
  /** It was done before; this is the answer from then. */
  isRepeated: boolean;
}

/** So long the first answer is kept. */
const keptMs = 86_400_000;
const kept = z.object({ hash: z.string(), result: z.unknown().optional() });

/** Whether callers may send an operation again by key: what changes something, and is neither signing in nor out. */
export function takesKeys({ method, access }: Pick<Route, 'method' | 'access'>): boolean {
  return method !== 'get' && access === undefined;
}

/**
 * Does a write once for its key: a second time the first answer is given. Rejects with 409 when the key stood for something else, or when it
 * is not known what became of the first. What was refused counts as not sent.
 */
export async function once(write: Write, make: () => Promise<unknown>): Promise<Done> {
  checkKey(write.key);
  const hash = canonicalHash([write.route.id, JSON.parse(JSON.stringify(write.request))]);
  if (!(await claim(write, hash))) return repeat(write, hash);
  try {
    const result = await make();
    await keep(write, { hash, result: write.route.answer?.parse(result) });
    return { result, isRepeated: false };
  } catch (error) {
    // After a fault of the relay's own nobody knows how far it got.
    if (toApiError(error).status < 500) await forget(write);
    throw error;
  }
}

function checkKey(key: string): void {
  if (/^[\x21-\x7E]{1,200}$/.test(key)) return;
  throw new ApiError(400, 'IDEMPOTENCY_KEY_INVALID', 'Idempotency-Key must have 1 to 200 printable characters', {
    fix: 'Send a UUID, a new one for each write.',
  });
}

/** True for the one who was first. */
async function claim({ route, key, caller, services }: Write, hash: string): Promise<boolean> {
  const { store, vault, clock } = services;
  const now = clock.now();
  await store.db
    .deleteFrom('idempotency_key')
    .where('created_at', '<=', now - keptMs)
    .execute();
  const sealed = vault.encrypt(JSON.stringify({ hash }), idempotencySecret({ caller: caller.actor, route: route.id, key }));
  const row: IdempotencyKeyRow = { caller: caller.actor, route: route.id, key, is_done: 0, sealed, created_at: now };
  const { numInsertedOrUpdatedRows } = await store.db
    .insertInto('idempotency_key')
    .values(row)
    .onConflict((taken) => taken.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

async function repeat(write: Write, hash: string): Promise<Done> {
  const row = await rowOf(write).selectAll().executeTakeFirst();
  if (!row) throw underWay();
  const first = kept.parse(JSON.parse(write.services.vault.decrypt(row.sealed, idempotencySecret(row))));
  if (first.hash !== hash)
    throw conflict(
      'IDEMPOTENCY_KEY_TAKEN',
      'this Idempotency-Key was sent with another request before',
      'Send a new key with each new write.',
    );
  if (row.is_done === 0) throw underWay();
  return { result: first.result, isRepeated: true };
}

function underWay(): ApiError {
  return new ApiError(409, 'IDEMPOTENCY_KEY_OPEN', 'the first request with this Idempotency-Key is under way, or ended without an answer', {
    headers: { 'Retry-After': '2' },
    fix: 'Ask again in a moment. When it stays so, look whether it was done, and send a new key if not.',
  });
}

async function keep(write: Write, answer: z.input<typeof kept>): Promise<void> {
  const { route, key, caller, services } = write;
  const sealed = services.vault.encrypt(JSON.stringify(answer), idempotencySecret({ caller: caller.actor, route: route.id, key }));
  await services.store.db
    .updateTable('idempotency_key')
    .set({ is_done: 1, sealed })
    .where('caller', '=', caller.actor)
    .where('route', '=', route.id)
    .where('key', '=', key)
    .execute();
}

async function forget({ route, key, caller, services }: Write): Promise<void> {
  await services.store.db
    .deleteFrom('idempotency_key')
    .where('caller', '=', caller.actor)
    .where('route', '=', route.id)
    .where('key', '=', key)
    .execute();
}

function rowOf({ route, key, caller, services }: Write) {
  return services.store.db
    .selectFrom('idempotency_key')
    .where('caller', '=', caller.actor)
    .where('route', '=', route.id)
    .where('key', '=', key);
}
