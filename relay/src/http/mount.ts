import { randomUUID } from 'node:crypto';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import { decodeText } from '../mapping/index.ts';
import { auditChange } from './audit.ts';
import { browserOf } from './browser.ts';
import type { Caller } from './caller.ts';
import { checkInput } from './check-input.ts';
import { guardEdits, type EditGuard } from './edit-guard.ts';
import { countFailedSignIns, type FailedSignIns } from './failed-sign-ins.ts';
import { once, takesKeys } from './idempotency.ts';
import { parseJson } from './json-body.ts';
import { ApiError, notFound, problem, toApiError } from './problem.ts';
import type { Route } from './route.ts';
import { sendAnswer } from './send-answer.ts';
import type { Services } from './services.ts';
import { checkAccess, signIn } from './sign-in.ts';

export interface ApiLimits {
  bodyBytes: number;
  failedSignInsPerMinute: number;
}

/** Puts the routes of each resource below `/api/v1`, with sign-in, checks, audit and problem answers. */
export function mountApi(app: Express, resources: readonly (readonly Route[])[], services: Services, limits: ApiLimits): void {
  const failed = countFailedSignIns({ clock: services.clock, perMinute: limits.failedSignInsPerMinute });
  const guard = guardEdits(resources.flat());
  const fileBytes = Math.max(limits.bodyBytes, csvBytes);
  const readJson = (limit: number) => express.text({ type: ['application/json', 'application/*+json'], limit });
  const readBody = [readJson(limits.bodyBytes)];
  const readLittle = [readJson(mostPublicBytes)];
  const readFile = [express.raw({ type: 'text/csv', limit: fileBytes }), readJson(fileBytes)];
  const api = express.Router({ strict: true, caseSensitive: true });
  for (const routes of resources) {
    const router = express.Router({ strict: true, caseSensitive: true });
    for (const route of routes)
      router[route.method](
        expressPath(route.path),
        // Before the body: nobody may fill the memory of the relay without a token.
        async (request, response, next) => {
          response.locals['admitted'] = await admit({ route, request, services, failed });
          next();
        },
        ...(route.access === 'public' ? readLittle : route.takesCsv ? readFile : readBody),
        async (request, response) => {
          await answer({ route, request, response, services, guard }, response.locals['admitted'] as Admitted);
        },
      );
    api.use(router);
  }
  refuseOtherMethods(api, resources.flat());
  app.use('/api/v1', api);
}

/** Gives every request an id, which problem answers and log lines carry. */
export function nameRequests(_request: Request, response: Response, next: NextFunction): void {
  response.locals['requestId'] = randomUUID();
  response.setHeader('X-Request-Id', requestIdOf(response));
  next();
}

/** Last in line: whatever was not answered does not exist; whatever failed becomes a problem answer. */
export function answerFailures(app: Express, { log }: Services): void {
  app.use((request: Request) => {
    throw new ApiError(404, 'NO_SUCH_ADDRESS', `there is nothing at ${request.path}`, { fix: '/api/v1/openapi.json lists what there is.' });
  });
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const failure = toApiError(error);
    const requestId = requestIdOf(response);
    const line = { requestId, code: failure.code, status: failure.status, method: request.method, path: request.path };
    if (failure.status === 500) log.error({ ...line, err: error }, 'an API request failed inside the relay');
    else log.debug(line, 'refused an API request');
    if (response.headersSent) return void response.destroy();
    response.status(failure.status).set(failure.headers).type('application/problem+json');
    response.send(JSON.stringify({ ...problem(failure), requestId }));
  });
}

interface Exchange {
  route: Route;
  request: Request;
  response: Response;
  services: Services;
}

/** Who calls, for which tenant's things; both checked. */
interface Admitted {
  caller: Caller;
  params: Record<string, string>;
}

async function admit({ route, request, services, failed }: Omit<Exchange, 'response'> & { failed: FailedSignIns }): Promise<Admitted> {
  const identity = route.access === 'public' ? undefined : await signIn(request, services, failed);
  const params = checkInput(route.params ?? nothing, request.params, 'path') as Record<string, string>;
  const { tenantId } = params;
  const caller = identity ? checkAccess(route, identity, tenantId) : nobody;
  if (tenantId !== undefined) await checkTenantExists(services, tenantId);
  return { caller, params };
}

async function answer(
  { route, request, response, services, guard }: Exchange & { guard: EditGuard },
  { caller, params }: Admitted,
): Promise<void> {
  const query = checkInput(route.query ?? nothing, request.query, 'query');
  const body = route.body ? checkInput(route.body, bodyOf(request), 'body') : undefined;
  const hangUp = new AbortController();
  response.once('close', () => hangUp.abort(new Error('the caller hung up')));
  const { signal } = hangUp;
  const input = { params, query, body, caller, services, browser: browserOf(request, response), signal };
  const handle = async (): Promise<unknown> => route.handle(input);
  if (route.method === 'get' || route.access) {
    const result = await handle();
    setTag(response, guard.tagOf(route, result));
    return sendAnswer({ route, response, result, signal });
  }
  const make = async (): Promise<unknown> => {
    const edit = { ifMatch: request.get('if-match'), input, make: () => auditChange({ route, params, body, caller, services }, handle) };
    const { result, tag } = await guard.edit(route, edit);
    setTag(response, tag);
    services.store.notify({ about: 'settings', ...tenantOf(params) });
    return result;
  };
  const key = request.get('idempotency-key');
  if (key === undefined || !takesKeys(route)) return sendAnswer({ route, response, result: await make(), signal });
  const { result, isRepeated } = await once({ route, key, caller, services, request: { params, query, body } }, make);
  if (isRepeated) response.setHeader('Idempotency-Replayed', 'true');
  await sendAnswer({ route, response, result, signal, isAsSent: isRepeated });
}

function setTag(response: Response, tag: string | undefined): void {
  if (tag !== undefined) response.setHeader('ETag', tag);
}

function tenantOf({ tenantId }: Record<string, string>): { tenantId?: string } {
  return tenantId === undefined ? {} : { tenantId };
}

const nothing = z.strictObject({});

const nobody: Caller = { actor: 'nobody', name: 'nobody', grants: { everywhere: null, tenants: new Map() }, role: 'viewer' };

async function checkTenantExists({ store }: Services, tenantId: string): Promise<void> {
  const tenant = await store.db.selectFrom('tenant').select('id').where('id', '=', tenantId).executeTakeFirst();
  if (!tenant) throw notFound('tenant', tenantId);
}

function bodyOf(request: Request): unknown {
  const text: unknown = request.body;
  if (Buffer.isBuffer(text)) return { csv: csvText(text) };
  if (typeof text === 'string') return text.trim() === '' ? {} : parseJson(text);
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody) return {};
  throw new ApiError(415, 'CONTENT_TYPE', 'the body is not marked as JSON', { fix: 'Send Content-Type: application/json.' });
}

/** Who is not signed in has not much to say. */
const mostPublicBytes = 8000;

/** Enough for the largest value map. */
const csvBytes = 20_000_000;

function csvText(bytes: Buffer): string {
  const decoded = decodeText(bytes);
  if ('text' in decoded) return decoded.text;
  throw new ApiError(400, 'CSV_INVALID', decoded.fault, { fix: 'Save the file as "CSV UTF-8", and send it again.' });
}

function refuseOtherMethods(api: express.Router, routes: readonly Route[]): void {
  for (const [path, methods] of Map.groupBy(routes, (route) => route.path)) {
    const allowed = methods.map(({ method }) => method.toUpperCase()).join(', ');
    api.all(expressPath(path), (request) => {
      throw new ApiError(405, 'METHOD_NOT_ALLOWED', `${request.method} is not possible here, only ${allowed}`, {
        headers: { Allow: allowed },
        fix: '/api/v1/openapi.json lists the operations of every address.',
      });
    });
  }
}

/** `/sites/{siteId}` as express writes it: `/sites/:siteId`. */
function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function requestIdOf(response: Response): string {
  return String(response.locals['requestId']);
}
