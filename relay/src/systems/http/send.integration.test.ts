import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mayHaveArrived, openHttp, type HttpSender } from './send.ts';

const never = new AbortController().signal;

async function open(answer: (message: IncomingMessage, response: ServerResponse) => void): Promise<HttpSender & { server: Server }> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sender = openHttp({
    baseUrl: `http://127.0.0.1:${port}/base/v2`,
    headers: { key: 'k' },
    timeoutMs: 100,
    maxAnswerBytes: 1000,
    readsHeaders: ['x-left', 'x-quota'],
  });
  return {
    ...sender,
    server,
    [Symbol.asyncDispose]: async () => {
      await sender[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    },
  };
}

test('sends JSON under the base path, with the query escaped', async () => {
  let seen: unknown;
  await using http = await open((message, response) => {
    seen = { url: message.url, key: message.headers['key'], type: message.headers['content-type'] };
    response.end('{}');
  });
  await http.send({ method: 'POST', path: 'supplier', query: { Name: 'Müller & Söhne +' }, body: {}, signal: never });
  expect(seen).toEqual({ url: '/base/v2/supplier?Name=M%C3%BCller%20%26%20S%C3%B6hne%20%2B', key: 'k', type: 'application/json' });
});

test('hands on the headers that the caller reads, where they came', async () => {
  await using http = await open((_message, response) => response.setHeader('X-Left', '35').setHeader('X-Other', '1').end('{}'));
  expect(await http.send({ method: 'GET', path: 'me', signal: never })).toMatchObject({ headers: { 'x-left': '35' } });
});

test('does not follow redirects', async () => {
  await using http = await open((_message, response) => response.writeHead(302, { Location: 'http://127.0.0.1:9/' }).end());
  expect(await http.send({ method: 'GET', path: 'me', signal: never })).toMatchObject({ status: 302 });
});

const outside = { loopback: false, privateNetworks: false };
const here = { loopback: true, privateNetworks: false };

test.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])(
  'an address that may not be sent to, written as %s, is not connected to; one that may be is',
  async (host) => {
    let connections = 0;
    await using http = await open((_message, response) => response.end('{}'));
    http.server.on('connection', () => (connections += 1));
    const { port } = http.server.address() as AddressInfo;
    const given = { baseUrl: `http://${host}:${port}/base/v2`, headers: {}, timeoutMs: 5000 };
    await using guarded = openHttp({ ...given, addresses: outside });
    await expect(guarded.send({ method: 'POST', path: 'supplier', body: {}, signal: never })).rejects.toMatchObject({
      code: 'ADDRESS_DENIED',
      mayHaveArrived: false,
    });
    expect(connections).toBe(0);
    await using allowed = openHttp({ ...given, addresses: here });
    expect(await allowed.send({ method: 'GET', path: 'me', signal: never })).toMatchObject({ status: 200 });
  },
);

test('link-local addresses, where clouds keep their credentials, are never sent to', async () => {
  const addresses = { loopback: true, privateNetworks: true };
  await using http = openHttp({ baseUrl: 'http://169.254.169.254/latest', headers: {}, timeoutMs: 5000, addresses });
  await expect(http.send({ method: 'GET', path: 'meta-data', signal: never })).rejects.toMatchObject({ code: 'ADDRESS_DENIED' });
});

test.each([
  ['a connection cut without an answer', (response: ServerResponse) => response.destroy(), 'UND_ERR_SOCKET'],
  ['no answer in time', () => undefined, 'TIMEOUT'],
  ['an answer that stops half-way', (response: ServerResponse) => response.write('{'), 'TIMEOUT'],
  ['an answer too large', (response: ServerResponse) => response.end('x'.repeat(1001)), 'ANSWER_TOO_LARGE'],
])('%s may have arrived', async (_what, misbehave, code) => {
  await using http = await open((_message, response) => void misbehave(response));
  await expect(http.send({ method: 'POST', path: 'supplier', body: {}, signal: never })).rejects.toMatchObject({
    code,
    mayHaveArrived: true,
  });
});

test('a refused connection has certainly sent nothing', async () => {
  await using http = await open(() => undefined);
  http.server.close();
  await once(http.server, 'close');
  await expect(http.send({ method: 'POST', path: 'supplier', body: {}, signal: never })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
    mayHaveArrived: false,
  });
});

test.each([
  ['a route that vanished while the answer was awaited', { code: 'EHOSTUNREACH', syscall: 'read' }, true],
  ['a write into a connection whose other end is gone', { code: 'ENETUNREACH', syscall: 'write' }, true],
  ['no route to begin with', { code: 'EHOSTUNREACH', syscall: 'connect' }, false],
  ['no such name', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }, false],
  ['no address that answers', { code: 'ECONNREFUSED', errors: [{ code: 'ECONNREFUSED', syscall: 'connect' }] }, false],
])('%s: may have arrived is %s', (_what, { code, ...more }, expected) => {
  expect(mayHaveArrived(Object.assign(new Error(code), { code, ...more }))).toBe(expected);
});

test('giving up ends a call under way', async () => {
  const givesUp = new AbortController();
  await using http = await open(() => givesUp.abort());
  await expect(http.send({ method: 'GET', path: 'me', signal: givesUp.signal })).rejects.toMatchObject({ code: 'ABORTED' });
});
