import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { makeRelayCertificates } from '../../gateway/index.ts';

export interface WebReceiver extends AsyncDisposable {
  url: string;
  /** What came, newest last. */
  received: { path: string | undefined; headers: IncomingHttpHeaders; body: string }[];
  /** Status of the answers from now on. */
  status: number;
}

/** A web server on loopback that keeps what is posted to it. */
export async function webReceiver(): Promise<WebReceiver> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      receiver.received.push({ path: request.url, headers: request.headers, body });
      const redirect = receiver.status === 302 ? { location: 'http://169.254.169.254/latest/meta-data' } : {};
      return response.writeHead(receiver.status, redirect).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: WebReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received: [],
    status: 200,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}

export interface MailReceiver extends AsyncDisposable {
  port: number;
  /** PEM of the authority that its certificate is by. */
  ca: string;
  /** What came, as it was sent, newest last. */
  mails: { text: string; isEncrypted: boolean; user: string | undefined }[];
}

export const mailPassword = 'Geheim-4711';

/** A mail server on loopback with STARTTLS and a certificate that nobody signed. */
export async function mailReceiver(): Promise<MailReceiver> {
  const mails: MailReceiver['mails'] = [];
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-relay-mail-'));
  const { cert, key, ca } = makeRelayCertificates({ dataDir: folder, hosts: ['mail.example.com', '127.0.0.1'] });
  rmSync(folder, { recursive: true });
  const server = new SMTPServer({
    cert,
    key,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      password === mailPassword ? done(null, { user: username }) : done(new Error('wrong password')),
    onData: (stream, { secure, user }, done) => {
      stream.once('end', done);
      void text(stream).then((mail) => mails.push({ text: mail, isEncrypted: secure, user }));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    ca,
    mails,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(resolve)),
  };
}
