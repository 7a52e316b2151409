import { isSystemError, SystemError } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { StoreClient } from './client.ts';
import { textOf } from './fields.ts';
import { readAllV3 } from './pages.ts';
import type { BigCommerceOrders, MetafieldKey } from './types.ts';

/**
 * The store keeps one metafield per API account, order, namespace and key, and answers 409 to a second one (facts/bigcommerce.md 8): so a
 * write whose answer was lost is simply sent again.
 */
export function openOrderMetafields(client: StoreClient): Pick<BigCommerceOrders, 'metafield' | 'setMetafield'> {
  const find = async (
    orderId: number,
    { namespace, key }: MetafieldKey,
    scope: CallScope,
  ): Promise<{ id: string; value: string } | undefined> => {
    const doing = `reading metafield ${namespace}.${key} of order ${orderId}`;
    const path = `v3/orders/${orderId}/metafields`;
    const rows = await readAllV3(client, { path, query: { namespace, key }, doing, needs: 'store_v2_orders_read_only' }, scope);
    const found = rows.find((row) => row['namespace'] === namespace && row['key'] === key);
    return found && { id: textOf(found['id']), value: textOf(found['value']) };
  };
  return {
    metafield: async (orderId, key, scope) => (await find(orderId, key, scope))?.value,
    async setMetafield(orderId, { namespace, key }, value, scope) {
      const call = {
        doing: `writing metafield ${namespace}.${key} of order ${orderId}`,
        needs: 'store_v2_orders' as const,
        isExtra: true,
      };
      const path = `v3/orders/${orderId}/metafields`;
      try {
        await client({ ...call, method: 'POST', path, body: { permission_set: 'read', namespace, key, value } }, scope);
      } catch (error) {
        if (!isSystemError(error) || error.code !== 'BIGCOMMERCE_EXISTS') throw error;
        const there = await find(orderId, { namespace, key }, scope);
        if (!there)
          throw new SystemError('BIGCOMMERCE_EXISTS', 'refused', `${call.doing}: the store has it, but does not show it`, {
            cause: error,
            fix: 'Another API account wrote it. Delete it in the store, or enter the API account that wrote it.',
          });
        if (there.value !== value) await client({ ...call, method: 'PUT', path: `${path}/${there.id}`, body: { value } }, scope);
      }
    },
  };
}
