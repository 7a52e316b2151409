import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { v3Error, type Answer } from './answers.ts';
import { answerCall, findRoute, isAllowed, type ApiClient, type Found } from './api/index.ts';
import { answerControl } from './control.ts';
import type { Fault, FaultKind } from './faults.ts';
import type { SimParts } from './parts.ts';
import { parseJson, readText, type ApiRequest } from './request.ts';

/** Answers one request, of the API or of the control; never rejects. */
export async function handle(parts: SimParts, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://sim');
  const method = message.method ?? 'GET';
  const send = (answer: Answer): void => sendAnswer({ response, answer, gzip: takesGzip(parts, message), extra: {} });
  try {
    if (url.pathname.startsWith('/__control')) return send(await answerControl(parts, method, url.pathname, await readText(message)));
    const base = `/stores/${parts.store.identity.storeHash}`;
    if (!url.pathname.startsWith(`${base}/v`)) return send(v3Error(403, forbiddenTitle));
    const path = url.pathname.slice(base.length).replace(/\/+$/, '');
    const token = message.headers['x-auth-token'];
    const call = { method, path, query: url.searchParams, token: typeof token === 'string' ? token : '' };
    const found = findRoute(method, path);
    const name = typeof found === 'object' ? `${method} ${found.route.path}` : '';
    parts.underWay.set(name, (parts.underWay.get(name) ?? 0) + 1);
    try {
      await answerApi({ parts, call, found, message, response });
    } finally {
      parts.underWay.set(name, (parts.underWay.get(name) ?? 1) - 1);
    }
  } catch {
    response.destroy(); // the caller went away while it was sending
  }
}

interface ApiCall {
  parts: SimParts;
  call: Omit<ApiRequest, 'body'>;
  found: Found | 'other methods' | undefined;
  message: IncomingMessage;
  response: ServerResponse;
}

async function answerApi({ parts, call, found, message, response }: ApiCall): Promise<void> {
  const body = await readText(message);
  const client = parts.clients.find(({ accessToken }) => accessToken !== '' && accessToken === call.token);
  const fault = client ? parts.faults.take(call.method, call.path) : undefined;
  const waitMs = parts.settings.latencyMs + (fault?.kind === 'slow' ? (fault.ms ?? 1000) : 0);
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  const answer = answerWith({ parts, call, found, client, fault, body });
  note(parts, call, answer?.status ?? 'lost', body);
  if (!answer) return void response.destroy();
  const isBare = fault?.kind === 'limitWithoutHeaders' || answer.headers?.['X-Bare'] !== undefined;
  const extra = isBare ? {} : parts.limit.headers(parts.store.now());
  sendAnswer({ response, answer, gzip: takesGzip(parts, message), extra });
}

interface Answering extends Pick<ApiCall, 'parts' | 'call' | 'found'> {
  client: ApiClient | undefined;
  fault: Fault | undefined;
  body: string;
}

/** Undefined means the connection is dropped instead. */
function answerWith({ parts, call, found, client, fault, body }: Answering): Answer | undefined {
  const { limit, store } = parts;
  if (!client || fault?.kind === 'unauthorized') return v3Error(401, unauthorizedTitle);
  if (fault?.kind === 'scopeMissing') return v3Error(403, forbiddenTitle);
  if (fault?.kind === 'limitWithoutHeaders') return tooMany();
  if (fault?.kind === 'limit' || !limit.admit(store.now())) return limited(parts);
  if (typeof found === 'object') {
    const { route } = found;
    if (!isAllowed(route, client)) return v3Error(403, forbiddenTitle);
    const atOnce = parts.underWay.get(`${route.method} ${route.path}`) ?? 1;
    if (route.atOnce !== undefined && atOnce > route.atOnce) return { ...tooMany(), headers: { 'X-Bare': '1' } };
  }
  const instead = fault && insteadOfTheCall[fault.kind];
  if (instead) return instead();
  const sent = body === '' ? undefined : parseJson(body);
  if (body !== '' && sent === undefined) return v3Error(400, 'Input is invalid', { '': 'error.invalid.json' });
  const answer = answerCall(found, call.path, {
    store,
    client,
    request: { ...call, body: sent },
    allowsLoopback: parts.settings.allowsLoopback,
    blockedDomains: (clientId) => parts.webhooks.blockedDomains(clientId),
  });
  const spoil = fault && afterTheCall[fault.kind];
  return spoil ? spoil(answer) : answer;
}

const unauthorizedTitle = 'Unauthorized - the v3 Auth client ID or token in the request are not a valid combination for this store.';
const forbiddenTitle = 'Unauthorized Access. You do not have permission to make this request.';

function tooMany(): Answer {
  return v3Error(429, 'Too many requests');
}

function limited({ limit, store }: SimParts): Answer {
  const seconds = Math.ceil(Number(limit.headers(store.now())['X-Rate-Limit-Time-Reset-Ms']) / 1000);
  // In compressed windows a whole second would be longer than what the other header says.
  return { ...tooMany(), headers: limit.settings.windowMs >= 1000 ? { 'X-Retry-After': String(seconds) } : {} };
}

/** Faults that keep the call from having any effect. */
const insteadOfTheCall: Partial<Record<FaultKind, () => Answer | undefined>> = {
  dropBeforeCommit: () => undefined,
  error500BeforeCommit: () => v3Error(500, 'Internal Server Error'),
  error503BeforeCommit: () => ({ status: 503, body: 'Service Unavailable', contentType: 'text/plain' }),
  html: () => ({
    status: 502,
    body: '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
    contentType: 'text/html',
  }),
};

/** Faults that hide what the call has done. */
const afterTheCall: Partial<Record<FaultKind, (answer: Answer) => Answer | undefined>> = {
  loseNextAnswer: () => undefined,
  error500AfterCommit: () => v3Error(500, 'Internal Server Error'),
  halfJson: (answer) => ({ ...answer, body: answer.body.slice(0, answer.body.length / 2) }),
};

function note(
  { calls, log, store }: SimParts,
  { method, path, query }: Omit<ApiRequest, 'body'>,
  status: number | 'lost',
  body: string,
): void {
  const name = `${method} ${path.replace(/\d+(?=\/|$)/g, '#')} ${status}`;
  calls[name] = (calls[name] ?? 0) + 1;
  log.push({ at: store.now(), method, path: query.size > 0 ? `${path}?${query.toString()}` : path, status, body });
  if (log.length > 20_000) log.splice(0, 5_000);
}

function takesGzip({ settings }: SimParts, message: IncomingMessage): boolean {
  return settings.gzip && /\bgzip\b/.test(message.headers['accept-encoding'] ?? '');
}

function sendAnswer(parts: { response: ServerResponse; answer: Answer; gzip: boolean; extra: Record<string, string> }): void {
  const { response, answer, gzip, extra } = parts;
  const { 'X-Bare': _bare, ...headers } = answer.headers ?? {};
  if (answer.body === '') return void response.writeHead(answer.status, { ...extra, ...headers }).end();
  const type = { 'Content-Type': answer.contentType ?? 'application/json' };
  if (gzip && answer.body.length > 1_000) {
    response.writeHead(answer.status, { ...type, ...extra, ...headers, 'Content-Encoding': 'gzip' }).end(gzipSync(answer.body));
    return;
  }
  response.writeHead(answer.status, { ...type, ...extra, ...headers }).end(answer.body);
}
