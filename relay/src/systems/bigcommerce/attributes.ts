import { isSystemError, type Clock } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { StoreClient } from './client.ts';
import { isRow, textOf } from './fields.ts';
import { readAllV3 } from './pages.ts';

/** The attributes of customers: their definitions have names, their values only the definition's id. */
export interface Attributes {
  /** Names of the attributes with these ids; those that the store does not name are left out. */
  names(ids: readonly number[], scope: CallScope): Promise<Map<number, string>>;
  set(customerId: number, attribute: { name: string; value: string }, scope: CallScope): Promise<void>;
}

const rememberedMs = 600_000;
const path = 'v3/customers/attributes';

export function openAttributes(client: StoreClient, clock: Clock): Attributes {
  let known: { namesById: Map<number, string>; readAt: number } | undefined;
  let creating: Promise<number> = Promise.resolve(0);

  const read = async (scope: CallScope): Promise<Map<number, string>> => {
    const call = { path, doing: 'reading the customer attributes', needs: 'store_v2_customers_read_only' } as const;
    const rows = await readAllV3(client, call, scope);
    known = { namesById: new Map(rows.map((row) => [Number(row['id']), textOf(row['name'])])), readAt: clock.now() };
    return known.namesById;
  };
  const remembered = (scope: CallScope): Promise<Map<number, string>> | Map<number, string> =>
    known && clock.now() - known.readAt < rememberedMs ? known.namesById : read(scope);
  const idOf = (namesById: Map<number, string>, name: string): number | undefined => [...namesById].find(([, one]) => one === name)?.[0];

  const create = async (name: string, scope: CallScope): Promise<number> => {
    const there = idOf(await read(scope), name);
    if (there !== undefined) return there;
    const call = {
      doing: `creating the customer attribute ${name}`,
      needs: 'store_v2_customers' as const,
      isExtra: true,
      effect: 'once' as const,
      lane: 'attributes' as const,
    };
    try {
      const { json } = await client({ ...call, method: 'POST', path, body: [{ name, type: 'string' }] }, scope);
      const created = isRow(json) && Array.isArray(json['data']) ? (json['data'] as unknown[]).find(isRow) : undefined;
      known = undefined;
      return Number(created?.['id'] ?? idOf(await read(scope), name));
    } catch (error) {
      // An answer that was lost, or another one was faster: what the store holds now counts.
      if (!isSystemError(error) || error.verdict === 'halt') throw error;
      const found = idOf(await read(scope), name);
      if (found === undefined) throw error;
      return found;
    }
  };

  return {
    async names(ids, scope) {
      if (ids.length === 0) return new Map();
      const namesById = await remembered(scope);
      return ids.every((id) => namesById.has(id)) ? namesById : read(scope);
    },
    async set(customerId, { name, value }, scope) {
      let attributeId = idOf(await remembered(scope), name);
      if (attributeId === undefined) {
        // One after the other: two that create it at once would leave two.
        const mine = creating.catch(() => 0).then(() => create(name, scope));
        creating = mine;
        attributeId = await mine;
      }
      await client(
        {
          method: 'PUT',
          path: 'v3/customers/attribute-values',
          body: [{ attribute_id: attributeId, customer_id: customerId, value }],
          doing: `writing attribute ${name} of customer ${customerId}`,
          needs: 'store_v2_customers',
          isExtra: true,
          lane: 'attributes',
        },
        scope,
      );
    },
  };
}
