import { data, invalid, json, noContent, v3Error, v3Page, type Answer } from '../answers.ts';
import { asObject, paging, text } from '../request.ts';
import { nextId, type HookRow, type Row } from '../state.ts';
import type { Call, Route } from './route.ts';

/** facts/bigcommerce.md 5.1: a client sees the hooks of its own client id only. */
export const hookRoutes: Route[] = [
  { method: 'GET', path: '/v3/hooks', answer: listHooks },
  { method: 'POST', path: '/v3/hooks', answer: createHook },
  { method: 'GET', path: '/v3/hooks/admin', answer: showAdmin },
  {
    method: 'PUT',
    path: '/v3/hooks/admin',
    answer: ({ store, request }) => {
      const emails = asObject(request.body)?.['emails'];
      if (!Array.isArray(emails)) return invalid({ emails: 'error.path.missing' });
      store.state.hookEmails = emails.map(text);
      return noContent();
    },
  },
  { method: 'GET', path: '/v3/hooks/#', answer: (call) => withHook(call, (hook) => data(show(hook))) },
  { method: 'PUT', path: '/v3/hooks/#', answer: (call) => withHook(call, (hook) => changeHook(call, hook)) },
  {
    method: 'DELETE',
    path: '/v3/hooks/#',
    answer: (call) =>
      withHook(call, (hook) => {
        call.store.state.hooks.delete(hook.id);
        return data(show(hook));
      }),
  },
];

function ownHooks({ store, client }: Call): HookRow[] {
  return [...store.state.hooks.values()].filter((hook) => hook.client_id === client.clientId);
}

function listHooks(call: Call): Answer {
  const { query } = call.request;
  const rows = ownHooks(call).filter(
    (hook) =>
      (query.get('is_active') ?? String(hook.is_active)) === String(hook.is_active) &&
      (query.get('scope') ?? hook.scope) === hook.scope &&
      (query.get('destination') ?? hook.destination) === hook.destination,
  );
  return v3Page(rows, paging(call.request), show);
}

function withHook(call: Call, answer: (hook: HookRow) => Answer): Answer {
  const id = call.ids[0] ?? 0;
  const hook = ownHooks(call).find((one) => one.id === id);
  return hook ? answer(hook) : v3Error(404, `Webhook with id [${id}] not found`);
}

function createHook(call: Call): Answer {
  const { store, client, request } = call;
  const body = asObject(request.body) ?? {};
  const refusal = refuse(call, body, undefined);
  if (refusal) return refusal;
  const at = Math.floor(store.now() / 1000);
  const hook: HookRow = {
    id: nextId(store.state, 'hook'),
    client_id: client.clientId,
    store_hash: store.identity.storeHash,
    scope: text(body['scope']),
    destination: text(body['destination']),
    headers: (asObject(body['headers']) as Record<string, string> | undefined) ?? null,
    is_active: body['is_active'] !== false,
    created_at: at,
    updated_at: at,
    status: body['is_active'] === false ? 'inactive' : 'active',
  };
  store.state.hooks.set(hook.id, hook);
  return data(show(hook));
}

function changeHook(call: Call, hook: HookRow): Answer {
  const body = asObject(call.request.body) ?? {};
  const refusal = refuse(call, { ...hook, ...body }, hook);
  if (refusal) return refusal;
  for (const field of ['scope', 'destination', 'headers', 'is_active']) if (field in body) Object.assign(hook, { [field]: body[field] });
  if ('is_active' in body) hook.status = hook.is_active ? 'active' : 'inactive';
  hook.updated_at = Math.floor(call.store.now() / 1000);
  return data(show(hook));
}

/** Texts of refusals other than a missing field are not documented. */
function refuse(call: Call, body: Row, except: HookRow | undefined): Answer | undefined {
  const [scope, destination, headers] = [text(body['scope']), text(body['destination']), body['headers']];
  if (scope === '') return invalid({ scope: 'error.path.missing.' });
  if (destination === '') return invalid({ destination: 'error.path.missing.' });
  if (!/^store\/[a-zA-Z0-9/]+(\/\*)?$/.test(scope)) return invalid({ scope: 'error.scope.unknown' });
  if (!isReachable(destination, call.allowsLoopback)) return invalid({ destination: 'error.destination.https443' });
  if (headers !== undefined && headers !== null && !Object.values(asObject(headers) ?? { not: 1 }).every((one) => typeof one === 'string'))
    return invalid({ headers: 'error.expected.jsobject' });
  const others = ownHooks(call).filter((hook) => hook !== except);
  const ofScope = others.filter((hook) => hook.scope === scope);
  if (ofScope.some((hook) => hook.destination === destination))
    return v3Error(422, 'A webhook with this scope and destination exists already.');
  if (ofScope.length >= 10) return v3Error(422, 'The limit of 10 webhooks per scope is reached.');
  const exceptions = 'store/hook/deliveryException';
  const clash = others.find((hook) => hook.destination === destination && (scope === exceptions) !== (hook.scope === exceptions));
  if (clash) return v3Error(422, 'The destination of delivery exceptions must differ from those of all other webhooks.');
  if (scope === exceptions && ofScope.length > 0) return v3Error(422, 'A webhook for delivery exceptions exists already.');
  return undefined;
}

/** HTTPS on port 443 only; tests may let the machine itself be one. */
function isReachable(destination: string, allowsLoopback: boolean): boolean {
  if (!URL.canParse(destination)) return false;
  const { protocol, port, hostname } = new URL(destination);
  if (allowsLoopback && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return true;
  return protocol === 'https:' && port === '';
}

function show({ status: _status, ...hook }: HookRow): Row {
  return hook;
}

function showAdmin(call: Call): Answer {
  const active = call.request.query.get('is_active');
  const hooks = ownHooks(call).filter((hook) => (active ?? String(hook.is_active)) === String(hook.is_active));
  return json({
    data: { emails: call.store.state.hookEmails, hooks_list: hooks, blocked_domains: call.blockedDomains(call.client.clientId) },
    meta: {},
  });
}
