import { actions } from './actions.ts';
import { json, type Answer } from './answers.ts';
import type { Fault } from './faults.ts';
import type { LimitSettings } from './limits.ts';
import { truthOfStore } from './orders/truth.ts';
import { parseJson } from './request.ts';
import type { SimParts } from './parts.ts';
import type { WebhookSwitches } from './webhooks/webhooks.ts';

type Handler = (parts: SimParts, body: unknown) => unknown;

/** What tests and the demo steer a separate process with; no credentials, no limit. JSON both ways. */
export async function answerControl(parts: SimParts, method: string, path: string, text: string): Promise<Answer> {
  const [what = '', name = ''] = path.replace(/^\/__control\/?/, '').split('/');
  try {
    if (method === 'POST' && what === 'actions') return json(act(parts, name, parseJson(text)));
    const handler = handlers[`${method} ${what}`];
    if (!handler) return json({ error: `There is no control call '${method} ${what}'` }, 404);
    return json((await handler(parts, parseJson(text))) ?? {});
  } catch (error) {
    return json({ error: String(error) }, 400);
  }
}

function act({ store }: SimParts, name: string, body: unknown): unknown {
  const action = (actions as Record<string, ((store: SimParts['store'], args: never) => unknown) | undefined>)[name];
  if (!action) throw new Error(`there is no action '${name}'; known: ${Object.keys(actions).join(', ')}`);
  return action(store, (body ?? {}) as never);
}

const handlers: Record<string, Handler> = {
  'GET snapshot': ({ store: { state } }) => ({
    orders: [...state.orders.values()].map(({ plan: _plan, ...order }) => order),
    refunds: [...state.refunds.values()],
    customers: [...state.customers.values()],
    attributes: state.attributes,
    metafields: [...state.metafields.values()],
    hooks: [...state.hooks.values()],
    products: [...state.products.values()],
    prices: state.priceLists.map(({ id, name, records }) => ({ id, name, records: [...records.values()] })),
    stock: Object.fromEntries(state.stock),
  }),
  'GET truth': ({ store: { state } }) => truthOfStore(state),
  'GET calls': ({ calls, limit, faults }) => ({ calls, limitRefused: limit.refused, faults: faults.happened, waiting: faults.pending() }),
  'GET log': ({ log }) => log,
  'DELETE calls': ({ calls, log }) => {
    for (const name of Object.keys(calls)) delete calls[name];
    log.length = 0;
  },
  'POST faults': ({ faults }, body) => faults.add(body as Fault),
  'DELETE faults': ({ faults }) => faults.clear(),
  'POST limits': ({ limit, store }, body) => {
    const { otherApps, ...settings } = body as Partial<LimitSettings> & { otherApps?: number };
    Object.assign(limit.settings, settings);
    if (otherApps) limit.take(otherApps, store.now());
    return limit.settings;
  },
  'DELETE limits': ({ limit }) => limit.reset(),
  'GET webhooks': ({ webhooks }) => {
    const { switches, counts, open, mails } = webhooks;
    return { switches, counts, open, mails };
  },
  'GET deliveries': ({ webhooks }) => webhooks.attempts,
  'POST webhooks': ({ webhooks }, body) => Object.assign(webhooks.switches, body as Partial<WebhookSwitches>),
  'POST flush': ({ webhooks }) => webhooks.flush(),
  'POST expire-hooks': ({ webhooks }, body) => webhooks.expireHooks((body as { scopes?: string[] } | undefined)?.scopes),
  /** Of the first account: `accessToken` (another one revokes the old), `scopes`. */
  'POST client': ({ clients }, body) => {
    const [client] = clients;
    if (client) Object.assign(client, body as object);
  },
};
