import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startPostgres, type PostgresServer } from './server.ts';

const variable = 'TEST_POSTGRES';

/** The URL of a server's database `postgres`: the one of this test run, which starts when the first test asks for it. */
export async function sharedPostgres(): Promise<string> {
  const address = process.env[variable];
  if (address === undefined) throw new Error('the server belongs to a test run; start your own with startPostgres()');
  const answer = await fetch(address);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/** Lets the processes of a test run share one server. Disposing ends it, if anybody had asked for it. */
export async function offerPostgres(): Promise<AsyncDisposable> {
  let starting: Promise<PostgresServer> | undefined;
  const server = createServer((_request, response) => {
    starting ??= startPostgres();
    starting.then(
      (postgres) => response.end(postgres.url()),
      (error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      },
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env[variable] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await (await starting?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}
