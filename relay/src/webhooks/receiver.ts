import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NewWebhookEvent } from '../ledger/index.ts';
import type { WebhookReading } from '../systems/index.ts';
import { readBody } from './body.ts';
import { openEventWriter, type EventWriter } from './event-writer.ts';
import { toNewEvent } from './new-event.ts';
import { knowEndpoints, type EndpointCheck, type KnownEndpoint, type KnownEndpoints, type KnownEndpointsDeps } from './known-endpoints.ts';
import { openTally, type Tally, type WebhookOutcome } from './tally.ts';

export interface WebhookReceiverDeps extends KnownEndpointsDeps {
  /** Told of every answer; few systems, few outcomes. */
  count(delivery: { system: string; outcome: WebhookOutcome; status: number }): void;
  /** Default 256 kB. */
  bodyBytes?: number;
  /** How long a body may take. Default 10 seconds. */
  bodyMs?: number;
}

/** Takes what systems send. Disposing it waits until what was received is on disk. */
export interface WebhookReceiver extends AsyncDisposable {
  /**
   * Answers a request below `/webhooks/`; false: it is not one of those. 200 with an empty body once the event is on disk, or was before;
   * 401 for a wrong or missing header secret or signature, 404, 400, 413 and 408 for what cannot be an event, 503 when it is to be sent again.
   */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Resolves when the counts so far are in the database. */
  flush(): Promise<void>;
}

interface Receiving {
  deps: WebhookReceiverDeps;
  endpoints: KnownEndpoints;
  writer: EventWriter;
  tally: Tally;
}

/** Resolves when the addresses are known. */
export async function openWebhooks(deps: WebhookReceiverDeps): Promise<WebhookReceiver> {
  const endpoints = await knowEndpoints(deps);
  const receiving: Receiving = { deps, endpoints, writer: openEventWriter(deps.store), tally: openTally(deps) };
  return {
    handle(request, response) {
      if (!request.url?.startsWith(root)) return false;
      receive(receiving, request, response);
      return true;
    },
    flush: () => receiving.tally.flush(),
    async [Symbol.asyncDispose]() {
      endpoints[Symbol.dispose]();
      await receiving.writer.idle();
      await receiving.tally[Symbol.asyncDispose]();
    },
  };
}

const root = '/webhooks/';

interface Delivery {
  request: IncomingMessage;
  response: ServerResponse;
  system: string;
  endpoint?: KnownEndpoint;
}

function receive(receiving: Receiving, request: IncomingMessage, response: ServerResponse): void {
  const { system, key } = addressOf(request.url ?? '');
  const delivery: Delivery = { request, response, system };
  if (request.method !== 'POST') return answer(receiving, delivery, 'wrong_method');
  if (key === undefined) return answer(receiving, delivery, 'unknown_address');
  const endpoint = receiving.endpoints.find(key);
  if (endpoint) return admit(receiving, { ...delivery, endpoint });
  void admitLater(receiving, delivery, key);
}

/** It may have just been made, here or by another relay. */
async function admitLater(receiving: Receiving, delivery: Delivery, key: string): Promise<void> {
  try {
    await receiving.endpoints.refresh();
  } catch {
    return answer(receiving, delivery, 'unavailable');
  }
  const endpoint = receiving.endpoints.find(key);
  if (endpoint) admit(receiving, { ...delivery, endpoint });
  else answer(receiving, delivery, 'unknown_address');
}

/** `/webhooks/<system>/<key>`, perhaps with one more part for systems that need several addresses, and with whatever query. */
function addressOf(url: string): { system: string; key: string | undefined } {
  const end = url.indexOf('?');
  const [system = '', key, more, ...others] = (end < 0 ? url : url.slice(0, end)).slice(root.length).split('/');
  const isAddress = key !== '' && more !== '' && others.length === 0;
  return { system, key: isAddress ? key : undefined };
}

/** Before the body: nobody may fill the memory of the relay who does not know the header secret. */
function admit(receiving: Receiving, delivery: Delivery & { endpoint: KnownEndpoint }): void {
  const { request, system, endpoint } = delivery;
  const { deps } = receiving;
  const { bodyBytes = 256 * 1024, bodyMs = 10_000 } = deps;
  const { check } = endpoint;
  if (endpoint.system !== system) return answer(receiving, delivery, 'unknown_address');
  if (!check) return answer(receiving, delivery, 'unavailable');
  const secret = request.headers['x-relay-key'];
  if (typeof secret !== 'string' || !check.isHeaderSecret(secret, deps.clock.now())) return answer(receiving, delivery, 'wrong_header');
  readBody(request, { bytes: bodyBytes, ms: bodyMs }, (body) => {
    if (body === 'gone') return;
    if (body === 'too large') return answer(receiving, delivery, 'too_large');
    if (body === 'too slow') return answer(receiving, delivery, 'too_slow');
    judge(receiving, { ...delivery, endpoint }, check, body);
  });
}

function judge(receiving: Receiving, delivery: Delivery & { endpoint: KnownEndpoint }, check: EndpointCheck, body: Buffer): void {
  const { deps } = receiving;
  const { request, endpoint } = delivery;
  const now = deps.clock.now();
  let reading: WebhookReading;
  try {
    reading = check.webhooks.read({ headers: request.headers as Record<string, string>, body, now }, check.settings);
  } catch (error) {
    deps.log.warn({ err: error, connectionId: endpoint.connectionId }, 'a webhook could not be read');
    reading = { verdict: 'unreadable', why: 'reading it failed' };
  }
  if ('why' in reading) {
    deps.log.debug({ connectionId: endpoint.connectionId, verdict: reading.verdict, why: reading.why }, 'refused a webhook');
    return answer(receiving, delivery, reading.verdict);
  }
  if (reading.verdict === 'unsigned' && endpoint.isSignatureRequired) return answer(receiving, delivery, 'signature_missing');
  const { verdict, event } = reading;
  const { connectionId, tenantId } = endpoint;
  keep(receiving, delivery, toNewEvent({ tenantId, connectionId, event, verdict, body, now }));
}

function keep(receiving: Receiving, delivery: Delivery & { endpoint: KnownEndpoint }, event: NewWebhookEvent): void {
  const { deps, writer } = receiving;
  const { endpoint } = delivery;
  const isProof = event.verdict === 'genuine' && !endpoint.isProven;
  writer.write(event, isProof, (outcome) => {
    if (isProof && (outcome === 'new' || outcome === 'duplicate')) proven(receiving, endpoint);
    if (outcome === 'new') answer(receiving, delivery, event.verdict);
    else if (outcome === 'duplicate') answer(receiving, delivery, 'duplicate');
    else if (outcome === 'connection gone') answer(receiving, delivery, 'unknown_address');
    else {
      deps.log.error(
        { err: outcome.error, connectionId: event.connectionId },
        'a webhook could not be stored; the system is asked to send it again',
      );
      answer(receiving, delivery, 'unavailable');
    }
  });
}

/** As it was just stored; the other relays are told. */
function proven({ deps }: Receiving, endpoint: KnownEndpoint): void {
  endpoint.isProven = true;
  endpoint.isSignatureRequired ||= !endpoint.isModeChosen;
  deps.store.notify({ about: 'connection', tenantId: endpoint.tenantId, id: endpoint.connectionId });
}

const statusOf: Record<WebhookOutcome, number> = {
  genuine: 200,
  stale: 200,
  unsigned: 200,
  duplicate: 200,
  forged: 401,
  signature_missing: 401,
  wrong_header: 401,
  unreadable: 400,
  too_large: 413,
  too_slow: 408,
  unknown_address: 404,
  wrong_method: 405,
  unavailable: 503,
};

/** A refused body is not read; whoever goes on sending it for long is cut off. */
const restOfBodyMs = 2000;

function answer({ deps, tally }: Receiving, { request, response, system, endpoint }: Delivery, outcome: WebhookOutcome): void {
  const status = statusOf[outcome];
  if (endpoint) tally.add(endpoint.connectionId, outcome);
  deps.count({ system: deps.systems.some(({ id }) => id === system) ? system : 'unknown', outcome, status });
  if (response.destroyed) return;
  response.writeHead(status, headersOf(outcome)).end();
  if (request.complete) return;
  request.resume();
  const cut = setTimeout(() => request.destroy(), restOfBodyMs).unref();
  request.once('close', () => clearTimeout(cut));
}

const empty = { 'Content-Length': '0' };
const wrongMethod = { ...empty, Allow: 'POST' };
const later = { ...empty, 'Retry-After': '10' };

function headersOf(outcome: WebhookOutcome): Record<string, string> {
  if (outcome === 'wrong_method') return wrongMethod;
  return outcome === 'unavailable' ? later : empty;
}
