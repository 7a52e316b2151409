import { isSystemError, SystemError } from '@ml-connector/shared';
import type { CallScope, KeptSubscriptions, WebhookEndpoint } from '../system.ts';
import type { BigCommerceHooks, Hook } from './hooks.ts';

type Kept = KeptSubscriptions['subscriptions'][number];

/** What the store is to tell us of (facts/bigcommerce.md 5.2): an event only says what to look at again. */
export const wantedTopics: readonly string[] = [
  'store/order/created',
  'store/order/updated',
  'store/order/statusUpdated',
  'store/order/archived',
  'store/order/refund/created',
  'store/customer/created',
  'store/customer/updated',
  'store/customer/deleted',
  'store/customer/address/created',
  'store/customer/address/updated',
  'store/customer/address/deleted',
  'store/shipment/created',
  'store/shipment/updated',
  'store/shipment/deleted',
];

const exceptionsTopic = 'store/hook/deliveryException';
const mostPerTopic = 10;

/** Where the store tells of deliveries that failed; it must be another address than that of every other webhook (facts/bigcommerce.md 5.6). */
export function deliveryExceptionsUrl(url: string): string {
  return `${url}/exceptions`;
}

/**
 * One active webhook for each topic, with our secret header; everything else at our address is taken away, and whatever was made for an earlier
 * address of the relay. The store switches hooks off after 48 hours of failures or 90 quiet days, so this is repeated now and then.
 */
export async function keepSubscriptions(
  { hooks }: { hooks: BigCommerceHooks },
  endpoint: WebhookEndpoint,
  scope: CallScope,
): Promise<KeptSubscriptions> {
  const all = await hooks.list(scope);
  // First, as they may stand in the way: ten to a topic, one for exceptions.
  for (const former of all.filter((one) => isFormer(one, endpoint))) await hooks.delete(former.id, scope);
  const there = all.filter((one) => !isFormer(one, endpoint));
  const headers = { 'X-Relay-Key': endpoint.headerSecret };
  const kept = new Set<number>();
  const subscriptions: Kept[] = [];
  for (const { topic, destination } of wanted(endpoint)) {
    const ours = there.filter((hook) => hook.scope === topic && hook.destination === destination);
    const hook = ours.find(({ isActive }) => isActive) ?? ours[0];
    // The store takes one webhook for these per API account: another relay on the same account hears of them for all.
    if (!hook && topic === exceptionsTopic && there.some((one) => one.scope === topic)) continue;
    if (!hook) {
      await create(hooks, { scope: topic, destination, headers }, scope);
      subscriptions.push({ topic, state: 'created' });
      continue;
    }
    kept.add(hook.id);
    const isRight = hook.headers['x-relay-key'] === endpoint.headerSecret;
    const change = { ...(hook.isActive ? {} : { isActive: true }), ...(isRight ? {} : { headers }) };
    if (Object.keys(change).length > 0) await hooks.update(hook.id, change, scope);
    subscriptions.push({ topic, state: hook.isActive ? 'active' : 'reactivated' });
  }
  for (const hook of there.filter((one) => isOurs(one, endpoint) && !kept.has(one.id))) await hooks.delete(hook.id, scope);
  return { subscriptions };
}

export async function removeSubscriptions(
  { hooks }: { hooks: BigCommerceHooks },
  endpoint: WebhookEndpoint,
  scope: CallScope,
): Promise<void> {
  for (const hook of (await hooks.list(scope)).filter((one) => isOurs(one, endpoint) || isFormer(one, endpoint)))
    await hooks.delete(hook.id, scope);
}

function wanted({ url }: WebhookEndpoint): { topic: string; destination: string }[] {
  const topics = wantedTopics.map((topic) => ({ topic, destination: url }));
  return [...topics, { topic: exceptionsTopic, destination: deliveryExceptionsUrl(url) }];
}

function isOurs({ destination }: Hook, { url }: WebhookEndpoint): boolean {
  return destination === url || destination === deliveryExceptionsUrl(url);
}

/** At another address of this relay: the last part, the key of this connection, cannot be guessed and stays the same. */
function isFormer(hook: Hook, endpoint: WebhookEndpoint): boolean {
  const path = endpoint.url.slice(endpoint.url.lastIndexOf('/webhooks/'));
  return !isOurs(hook, endpoint) && (hook.destination.endsWith(path) || hook.destination.endsWith(deliveryExceptionsUrl(path)));
}

/** What the store holds afterwards counts: an answer may be lost, and another relay node may have been faster. */
async function create(hooks: BigCommerceHooks, hook: Pick<Hook, 'scope' | 'destination' | 'headers'>, scope: CallScope): Promise<void> {
  try {
    await hooks.create(hook, scope);
  } catch (error) {
    if (!isSystemError(error) || !['uncertain', 'refused'].includes(error.verdict)) throw error;
    const ofTopic = (await hooks.list(scope)).filter((one) => one.scope === hook.scope);
    if (ofTopic.some(({ destination }) => destination === hook.destination)) return;
    if (error.verdict === 'uncertain') throw new SystemError(error.code, 'retry', error.message, { cause: error });
    if (ofTopic.length < mostPerTopic) throw error;
    throw new SystemError(
      'BIGCOMMERCE_TOO_MANY_HOOKS',
      'refused',
      `creating the webhook ${hook.scope}: the API account has ${ofTopic.length} of them`,
      {
        cause: error,
        fix: 'The store allows ten per topic: remove those of relays that are gone, or use an API account of its own for this relay.',
      },
    );
  }
}
