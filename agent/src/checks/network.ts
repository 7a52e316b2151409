import { lookup } from 'node:dns/promises';
import { connect as connectTcp } from 'node:net';
import type { CheckResult } from './check.ts';

/** Longest wait for one step on the way. */
export const networkTimeoutMs = 10_000;

/** Does DNS know the name? */
export async function resolveName(host: string): Promise<CheckResult> {
  try {
    const addresses = await lookup(host, { all: true });
    return { result: 'ok', detail: `${host} is ${addresses.map(({ address }) => address).join(', ')}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      result: 'failed',
      detail: `the name ${host} cannot be resolved (${code ?? 'unknown error'})`,
      fix: 'Check the spelling and the DNS servers of this machine.',
    };
  }
}

/** Does anything answer at that port? Nothing is sent. */
export function openTcp({ host, port }: { host: string; port: number }): Promise<CheckResult> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port, timeout: networkTimeoutMs });
    const end = (result: CheckResult): void => {
      socket.destroy();
      resolve(result);
    };
    const blocked = { result: 'failed', fix: `Let this machine out to ${host} port ${port} in the firewall.` } as const;
    socket.once('connect', () => end({ result: 'ok', detail: `${host}:${port} answers` }));
    socket.once('timeout', () => end({ ...blocked, detail: `${host}:${port} does not answer within ${networkTimeoutMs / 1000} seconds` }));
    socket.once('error', (error: NodeJS.ErrnoException) => end({ ...blocked, detail: `${host}:${port}: ${explainNetwork(error)}` }));
  });
}

/** What a failed connection means, for people. */
export function explainNetwork({ code, message }: NodeJS.ErrnoException): string {
  const known: Record<string, string> = {
    ECONNREFUSED: 'the connection is refused; nothing listens there',
    EHOSTUNREACH: 'there is no route to the host',
    ENETUNREACH: 'there is no route to the network',
    ECONNRESET: 'the connection is cut by something on the way',
    ENOTFOUND: 'the name cannot be resolved',
  };
  return known[code ?? ''] ?? code ?? message;
}
