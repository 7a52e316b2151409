/** Runs in a child process: does with the real node-rfc addon what the parent asks for, one request at a time per client. */
import { createRequire } from 'node:module';

interface RfcClient {
  readonly connectionHandle: number;
  readonly connectionInfo: Record<string, string>;
  open(): Promise<unknown>;
  close(): Promise<unknown>;
  ping(): Promise<boolean>;
  cancel(): Promise<unknown>;
  resetServerContext(): Promise<unknown>;
  call(name: string, parameters: object, options: object): Promise<object>;
}
type ClientClass = new (parameters: Record<string, string>) => RfcClient;

export type AddonRequest =
  | { op: 'version' }
  | { op: 'open'; client: number; parameters: Record<string, string> }
  | { op: 'call'; client: number; name: string; parameters: object; options: object }
  | { op: 'info' | 'ping' | 'reset' | 'cancel' | 'close'; client: number };

/** node-rfc rejects with plain objects: they travel as they are. `handle` tells whether it reconnected. */
export interface AddonReply {
  id: number;
  value?: unknown;
  error?: unknown;
  handle?: number;
}

const { Client } = createRequire(import.meta.url)('node-rfc') as { Client: ClientClass & { environment: object } };
const clients = new Map<number, RfcClient>();

process.on('message', (message: { id: number; request: AddonRequest }) => {
  void reply(message.id, message.request);
});
process.on('disconnect', () => process.exit(0));

async function reply(id: number, request: AddonRequest): Promise<void> {
  const client = 'client' in request ? clients.get(request.client) : undefined;
  let answer: AddonReply;
  try {
    answer = { id, value: await perform(request, client) };
  } catch (error) {
    answer = { id, error: error instanceof Error ? { name: error.name, message: error.message } : error };
  }
  process.send?.({ ...answer, handle: client?.connectionHandle ?? 0 });
}

async function perform(request: AddonRequest, client: RfcClient | undefined): Promise<unknown> {
  if (request.op === 'version') return Client.environment;
  if (request.op === 'open') {
    const opened = new Client(request.parameters);
    clients.set(request.client, opened);
    await opened.open();
    return undefined;
  }
  if (!client) throw new Error(`there is no client ${request.client}`);
  switch (request.op) {
    case 'call':
      return client.call(request.name, request.parameters, request.options);
    case 'info':
      return client.connectionInfo;
    case 'ping':
      return client.ping();
    case 'reset':
      return client.resetServerContext();
    case 'cancel':
      return client.cancel();
    case 'close':
      return client.close();
  }
}
