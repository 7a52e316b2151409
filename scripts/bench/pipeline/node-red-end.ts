import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { freePort, runChild } from '../../landscape/index.ts';
import { end } from './children.ts';
import { orderOf } from './order.ts';

const version = '5.0.7';

/** A running Node-RED with the same flow. Disposing ends it and removes what was installed. */
export interface NodeRed extends AsyncDisposable {
  /** Orders per second, answered to callers that each wait for their answer. */
  rate(load: { inFlight: number; ms: number }): Promise<number>;
}

/** Installs Node-RED into a temporary folder. Rejects where npm's registry cannot be reached. */
export async function startNodeRed(targetUrl: string): Promise<NodeRed> {
  await using starting = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'node-red-bench-'));
  starting.defer(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', `node-red@${version}`];
  await runChild({ name: 'npm install node-red', command: 'npm', args: install, cwd: folder });

  const port = await freePort();
  const userDir = path.join(folder, 'user');
  mkdirSync(userDir);
  const settings = { uiHost: '127.0.0.1', uiPort: port, httpAdminRoot: false, logging: { console: { level: 'error' } } };
  writeFileSync(path.join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
  writeFileSync(path.join(userDir, 'flows.json'), JSON.stringify(flowTo(targetUrl, path.join(folder, 'kept.jsonl'))));
  const args = [path.join(folder, 'node_modules/node-red/red.js'), '--userDir', userDir, 'flows.json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  starting.defer(() => end(child));
  const ended = once(child, 'exit');
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 64 });
  starting.defer(() => pool.close());
  const order = async (number: number): Promise<number> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await pool.request({ method: 'POST', path: '/order', headers, body: JSON.stringify(orderOf(number)) });
    await answer.body.dump();
    return answer.statusCode;
  };
  await answersTo(() => order(0), ended);
  const running = starting.move();
  return {
    async rate({ inFlight, ms }) {
      let done = 0;
      const [began, stopAt] = [performance.now(), performance.now() + ms];
      const caller = async (): Promise<void> => {
        while (performance.now() < stopAt) {
          if ((await order(done)) !== 200) throw new Error('Node-RED refused an order');
          done++;
        }
      };
      await Promise.all(Array.from({ length: inFlight }, caller));
      return done / ((performance.now() - began) / 1000);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function answersTo(ask: () => Promise<number>, ended: Promise<unknown[]>): Promise<void> {
  const over = ended.then(() => 'ended' as const);
  for (let tries = 0; tries < 300; tries++) {
    if ((await ask().catch(() => 0)) === 200) return;
    if ((await Promise.race([over, delay(100)])) === 'ended') break;
  }
  throw new Error('Node-RED did not begin to answer');
}

/** Webhook in, ten fields by a change node (five in JSONata), HTTP request, a line in a file, answer: what its users would draw. */
function flowTo(url: string, filename: string): unknown[] {
  const node = (id: string, type: string, to: string[], more: object) => ({ id, type, z: 'tab', x: 0, y: 0, wires: [to], ...more });
  const set = (p: string, to: string, tot: 'jsonata' | 'msg') => ({ t: 'set', p: `body.${p}`, pt: 'msg', to, tot });
  const rules = [
    { t: 'set', p: 'body', pt: 'msg', to: '{}', tot: 'json' },
    set('reference', 'payload.id', 'msg'),
    set('customerCode', '"C" & payload.customer.number', 'jsonata'),
    set('customerName', '$trim(payload.customer.name)', 'jsonata'),
    set('shipTo', 'payload.customer.street & ", " & payload.customer.postcode & " " & payload.customer.city', 'jsonata'),
    set('country', 'payload.customer.country', 'msg'),
    set('email', 'payload.customer.email', 'msg'),
    set('currency', 'payload.currency', 'msg'),
    set('lineCount', '$count(payload.lines)', 'jsonata'),
    set('items', '$join(payload.lines.($string(quantity) & " x " & sku), ", ")', 'jsonata'),
    set('memo', 'payload.note', 'msg'),
    { t: 'move', p: 'body', pt: 'msg', to: 'payload', tot: 'msg' },
  ];
  return [
    { id: 'tab', type: 'tab', label: 'orders' },
    node('in', 'http in', ['map'], { url: '/order', method: 'post', upload: false }),
    node('map', 'change', ['post'], { rules }),
    node('post', 'http request', ['keep', 'out'], { method: 'POST', ret: 'obj', paytoqs: 'ignore', url, persist: true, headers: [] }),
    node('keep', 'file', [], {
      filename,
      filenameType: 'str',
      appendNewline: true,
      createDir: false,
      overwriteFile: 'false',
      encoding: 'none',
    }),
    node('out', 'http response', [], { statusCode: '200', headers: {} }),
  ];
}
