import type { Store } from '../store/index.ts';

/** Names of people and API tokens by actor (`person:…`, `token:…`); those that are gone, and the relay itself, have none. */
export async function actorNames(store: Store, actors: Iterable<string>): Promise<Map<string, string>> {
  const wanted = [...new Set(actors)];
  const idsOf = (kind: string): string[] => wanted.flatMap((actor) => (actor.startsWith(`${kind}:`) ? [actor.slice(kind.length + 1)] : []));
  const [persons, tokens] = [idsOf('person'), idsOf('token')];
  const { db } = store;
  const people = persons.length === 0 ? [] : await db.selectFrom('person').select(['id', 'name']).where('id', 'in', persons).execute();
  const programs = tokens.length === 0 ? [] : await db.selectFrom('api_token').select(['id', 'name']).where('id', 'in', tokens).execute();
  return new Map([
    ...people.map(({ id, name }) => [`person:${id}`, name] as const),
    ...programs.map(({ id, name }) => [`token:${id}`, name] as const),
  ]);
}
