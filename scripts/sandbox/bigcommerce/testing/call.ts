import type { BigCommerceSim } from '../index.ts';

export interface Reply {
  status: number;
  text: string;
  /** Undefined where the body is no JSON. */
  json: unknown;
  headers: Headers;
}

type Caller = Pick<BigCommerceSim, 'connectionSettings'>;

/** One API call: `call(sim, 'GET', 'v2/orders')`. */
export async function call({ connectionSettings }: Caller, method: string, path: string, body?: unknown, token?: string): Promise<Reply> {
  const { baseUrl, storeHash, accessToken } = connectionSettings;
  const response = await fetch(`${baseUrl.replace('{hash}', storeHash)}/${path}`, {
    method,
    headers: { 'X-Auth-Token': token ?? accessToken, Accept: 'application/json', 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, json: /^[[{]/.test(text) ? tryParse(text) : undefined, headers: response.headers };
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
