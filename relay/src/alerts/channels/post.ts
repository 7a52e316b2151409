import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';
import { isSystemError, SystemError } from '@ml-connector/shared';
import { Agent, request } from 'undici';
import { allowedAddress, guardedLookup, type AddressPolicy } from '../../addresses/index.ts';

export interface Post {
  url: string;
  body: string;
  headers?: Record<string, string>;
  addresses: AddressPolicy;
  /** The address is a secret: it is not named in errors. */
  isSecretUrl?: boolean;
}

/** Posts JSON; redirects are not followed. Rejects unless the answer is 2xx. */
export async function post({ url, body, headers = {}, addresses, isSecretUrl = false }: Post): Promise<void> {
  const { hostname, host } = new URL(url);
  const where = isSecretUrl ? 'the incoming webhook' : `the webhook at ${host}`;
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal) !== 0) await allowedAddress(literal, addresses);
  await using agent = agentFor(addresses);
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'ml-relay', ...headers },
      body,
      dispatcher: agent,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    await answer.body.dump({ limit: 65_536 });
    if (answer.statusCode >= 200 && answer.statusCode < 300) return;
    throw new SystemError('WEBHOOK_REFUSED', 'retry', `posting to ${where}: it answered ${answer.statusCode}`);
  } catch (error) {
    if (isSystemError(error)) throw error;
    const { code = 'FAILED' } = error as { code?: string };
    throw new SystemError('WEBHOOK_UNREACHABLE', 'retry', `posting to ${where}: no answer (${code})`, isSecretUrl ? {} : { cause: error });
  }
}

/** `t=<seconds>,v1=<hex HMAC-SHA256 of "t.body">`: who has the secret can tell that it is from here, and not an old one sent again. */
export function signature(secret: string, at: number, body: string): string {
  const seconds = Math.floor(at / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

const timeoutMs = 15_000;

function agentFor(addresses: AddressPolicy): Agent & AsyncDisposable {
  const agent = new Agent({ connect: { lookup: guardedLookup(addresses), timeout: timeoutMs }, pipelining: 0 });
  return Object.assign(agent, { [Symbol.asyncDispose]: () => agent.destroy() });
}
