import type { PostResult, PostWait } from '../flow.ts';
import type { ProductPost } from './payload.ts';

interface Claim {
  key: string;
  isWorking: boolean;
}

const claims = new WeakMap<object, Map<string, Claim>>();
const waitMs = 15_000;

/**
 * Two materials of one SKU (an EAN entered twice), posted in the same moment: the second waits until the first is linked, and then sees
 * whose product it is.
 */
export async function claimingSku(
  { target, record, link }: ProductPost,
  sku: string,
  work: () => Promise<PostResult | PostWait>,
): Promise<PostResult | PostWait> {
  const held = claims.get(target) ?? new Map<string, Claim>();
  claims.set(target, held);
  const id = sku.toLowerCase();
  const claim = held.get(id);
  if (claim && claim.key !== record.key) {
    // Done: its link is stored by the time we come back.
    if (!claim.isWorking) held.delete(id);
    const message = `SKU ${sku} is just being posted for material ${claim.key}`;
    return { action: 'waiting', reason: { code: 'PRODUCT_BUSY', message }, checkAfterMs: waitMs };
  }
  held.set(id, { key: record.key, isWorking: true });
  let isNewlyLinked = false;
  try {
    const result = await work();
    isNewlyLinked = result.action !== 'waiting' && result.targetId !== link?.targetId;
    return result;
  } finally {
    if (isNewlyLinked) held.set(id, { key: record.key, isWorking: false });
    else held.delete(id);
  }
}
