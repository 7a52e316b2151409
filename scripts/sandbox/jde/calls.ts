import type { AisRequest } from './api/request.ts';
import type { SimParts } from './parts.ts';

type Counted = Pick<SimParts, 'calls' | 'log'>;

export function noteCall({ calls, log }: Counted, request: AisRequest, outcome: number | 'lost'): void {
  const path = request.version === 1 ? request.path : `/v${request.version}${request.path}`;
  const name = `${request.method} ${path} ${outcome}`;
  calls[name] = (calls[name] ?? 0) + 1;
  const { password: _password, token: _token, ...body } = request.body ?? {};
  log.push({ method: request.method, path, outcome, body });
  if (log.length > 1000) log.shift();
}

export function forgetCalls({ calls, log }: Counted): void {
  for (const name of Object.keys(calls)) delete calls[name];
  log.length = 0;
}
