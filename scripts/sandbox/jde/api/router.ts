import type { SimParts } from '../parts.ts';
import { page, serviceError, type Answer } from './answers.ts';
import { dataService, dataServiceNext } from './data-service.ts';
import { defaultConfig } from './default-config.ts';
import { orchestrate } from './orchestrations.ts';
import { bodyText, type AisRequest } from './request.ts';
import { getTable } from './table-get.ts';
import { logout, requestToken, validateToken } from './tokens.ts';

type Handler = (parts: SimParts, request: AisRequest) => Answer;

const handlers: Readonly<Record<string, Handler>> = {
  'GET /defaultconfig': defaultConfig,
  'POST /defaultconfig': defaultConfig,
  'POST /tokenrequest': requestToken,
  'POST /tokenrequest/validate': validateToken,
  'POST /tokenrequest/logout': logout,
  'POST /dataservice': dataService,
  'GET /dataservice/next': dataServiceNext,
  'POST /dataservice/next': dataServiceNext,
};

/** The answer of a server that is up. */
export function answerCall(parts: SimParts, request: AisRequest): Answer {
  const handler = handlerOf(request);
  if (!handler || (request.version === 3 && request.path.startsWith('/dataservice'))) return page(404, 'Not Found');
  if (request.hasText && request.method === 'POST') {
    if (!request.isJson) return serviceError(parts.clock, 415, 'Unsupported Media Type');
    if (!request.body) return serviceError(parts.clock, 400, 'Invalid JSON input', 'JsonParseException');
  }
  return handler(parts, request);
}

function handlerOf({ method, path }: AisRequest): Handler | undefined {
  if (method === 'GET' && /^\/dataservice\/table\/\w+$/.test(path)) return getTable;
  if ((method === 'POST' || method === 'GET') && path.startsWith('/orchestrator/')) return orchestrate;
  return handlers[`${method} ${path}`];
}

/** Table that a data request is about; undefined for every other call. */
export function tableOf(request: AisRequest): string | undefined {
  if (!request.path.startsWith('/dataservice')) return undefined;
  return bodyText(request, 'targetName') || request.query.get('formOID') || /^\/dataservice\/table\/(\w+)$/.exec(request.path)?.[1];
}
