import type { Cin7Sim } from '../server.ts';

export interface Reply<Json> {
  status: number;
  text: string;
  /** `{}` where the answer is no JSON object. */
  json: Json;
  headers: Headers;
}

interface SupplierAnswer {
  Total: number;
  SupplierList: Record<string, unknown>[];
}

/** One call as anybody may make it; `key` is the application key sent. */
export async function call<Json = SupplierAnswer>(
  sim: Pick<Cin7Sim, 'baseUrl' | 'connectionSettings'>,
  method: string,
  url: string,
  body?: unknown,
  key = sim.connectionSettings.applicationKey,
): Promise<Reply<Json>> {
  const response = await fetch(new URL(url, sim.baseUrl), {
    method,
    redirect: 'manual',
    headers: { 'api-auth-accountid': sim.connectionSettings.accountId, 'api-auth-applicationkey': key },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = (text.startsWith('{') ? JSON.parse(text) : {}) as Json;
  return { status: response.status, text, json, headers: response.headers };
}
