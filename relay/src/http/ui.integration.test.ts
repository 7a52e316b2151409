import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { mountInterface } from './ui.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ml-interface-'));
let server: Server;
let url = '';

beforeAll(async () => {
  mkdirSync(path.join(folder, 'assets'));
  writeFileSync(path.join(folder, 'index.html'), '<meta name="csp-nonce" content="%CSP_NONCE%"><div id="root"></div>');
  writeFileSync(path.join(folder, 'assets/index-1.js'), 'void 0;');
  const app = express();
  app.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  mountInterface(app, folder);
  server = createServer((request, response) => void app(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await once(server, 'close');
  rmSync(folder, { recursive: true });
});

const open = (address: string): Promise<Response> => fetch(`${url}${address}`, { headers: { accept: 'text/html' } });

test('every address that a browser opens is the page, under a policy that allows scripts from files only', async () => {
  const [one, other] = await Promise.all([open('/'), open('/records/rec_1?q=x')]);
  const policy = one.headers.get('content-security-policy') ?? '';
  const nonce = /'nonce-([\w-]{22})'/.exec(policy)?.[1] ?? 'none';
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toContain('unsafe');
  expect(await one.text()).toContain(`content="${nonce}"`);
  expect(other.status).toBe(200);
  expect(other.headers.get('content-security-policy')).not.toContain(nonce);
  expect(one.headers.get('cache-control')).toBe('no-store');
});

test('its files may be kept for ever; what is missing is missing', async () => {
  const file = await fetch(`${url}/assets/index-1.js`);
  expect(file.headers.get('cache-control')).toContain('immutable');
  await file.text();
  expect((await open('/assets/index-2.js')).status).toBe(404);
  expect((await open('/assets/../index.html')).status).toBe(200);
});

test.each(['/api/v1/nothing', '/webhooks/x', '/metrics', '/oauth/x/callback'])('%s is never the page', async (address) => {
  expect((await open(address)).status).toBe(404);
});

test('programs get no page', async () => {
  expect((await fetch(`${url}/records`, { headers: { accept: 'application/json' } })).status).toBe(404);
});
