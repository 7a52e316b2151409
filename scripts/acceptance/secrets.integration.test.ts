import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { waitFor } from '../landscape/index.ts';
import { openScene, type Scene } from './scene.ts';

/** After a full life with loads, failures and traces at the highest level: no password and no key in clear, on any disk, in any log. */
let scene: Scene;
let secrets: Record<string, string>;
beforeAll(async () => {
  scene = await openScene({ vendors: 40, relayLogLevel: 'trace' });
  const { landscape, customer } = scene;
  const { api } = landscape.relay;
  secrets = {
    'SAP password': landscape.sap.connectionParameters['passwd'] ?? '',
    'wrong SAP password': 'Nicht-das-richtige-77',
    'Cin7 application key': String(landscape.cin7.connectionSettings['applicationKey']),
  };
  await api.put(`${customer.path}/agents/${customer.agentId}/log-level`, { level: 'trace' });
  await scene.load();
  await scene.landscape.cin7.addFault({ kind: 'loseNextAnswer', times: 1 });
  await scene.landscape.cin7.addFault({ kind: 'forbidden', method: 'GET', path: '/me', times: 1 });
  for (const id of [customer.sapConnectionId, customer.cin7ConnectionId]) await api.post(`${customer.path}/connections/${id}/check`);
  await api.post(`${customer.path}/connections/${customer.cin7ConnectionId}/resume`);
  const credential = `${customer.path}/connections/${customer.sapConnectionId}/credential`;
  await api.put(credential, { password: secrets['wrong SAP password'] });
  await landscape.sap.control.call('cut-sessions');
  await api.post(`${customer.path}/connections/${customer.sapConnectionId}/check`);
  await api.put(credential, { password: secrets['SAP password'] });
  await landscape.sap.control.call('add-fault', { kind: 'dump', key: 'TIME_OUT', message: 'Time limit exceeded.', times: 1 });
  await landscape.sap.control.call('change-vendor', { number: '100002', change: { general: { NAME1: 'Ahorn & Söhne' } } });
  await scene.run();
  await waitFor('the change', async () => (await scene.suppliers()).get('0000100002')?.Name.startsWith('Ahorn') === true);
}, 60_000);
afterAll(() => scene?.[Symbol.asyncDispose]());

/** As it is, and as encodings that are none show it. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, secret.toUpperCase(), encodeURIComponent(secret), bytes.toString('base64'), bytes.toString('hex')];
}

function holders(files: Map<string, Buffer>): string[] {
  return [...files].flatMap(([name, content]) =>
    Object.entries(secrets).flatMap(([what, secret]) =>
      formsOf(secret).some((form) => content.includes(form)) ? [`${what} in ${name}`] : [],
    ),
  );
}

function filesBelow(folder: string): Map<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => path.join(entry.parentPath, entry.name)).map((file) => [path.relative(folder, file), readFileSync(file)]),
  );
}

test('the search finds what it looks for', () => {
  expect(Object.values(secrets).every((secret) => secret.length >= 8)).toBe(true);
  const bait = Object.values(secrets).map((secret) => [secret, Buffer.from(`x${secret}y`)] as const);
  expect(holders(new Map(bait))).toHaveLength(3);
});

test("no secret in the relay's data folder", () => {
  const files = filesBelow(path.join(scene.folder, 'relay'));
  const database = [...files].filter(([name]) => name.startsWith('relay.sqlite'));
  expect(database.some(([, content]) => content.includes('Ahorn & Söhne'))).toBe(true);
  expect(holders(files)).toEqual([]);
});

test("no secret in the agent's folder: settings, credentials, logs, audit", () => {
  const files = filesBelow(scene.landscape.agent.dataDir);
  expect([...files.keys()]).toEqual(
    expect.arrayContaining(['agent.yaml', expect.stringMatching(/^logs\//), expect.stringMatching(/^audit\//)]),
  );
  expect(holders(files)).toEqual([]);
});

test('no secret in what the processes print', () => {
  const { relayLines, landscape } = scene;
  expect(relayLines.length).toBeGreaterThan(3);
  const printed = [...relayLines, ...(landscape.agent.running?.output ?? [])].join('\n');
  expect(holders(new Map([['output', Buffer.from(printed)]]))).toEqual([]);
});

test('no secret in what the API answers about connections, records and its audit', async () => {
  const { customer, landscape } = scene;
  const { api } = landscape.relay;
  const records = await scene.records();
  const answers = new Map([
    ['connections', await api.get(`${customer.path}/connections`)],
    ['stories', await Promise.all(records.map(({ id }) => scene.story(id)))],
    ['audit', await api.get(`${customer.path}/audit?limit=200`)],
  ]);
  expect(holders(new Map([...answers].map(([name, answer]) => [name, Buffer.from(JSON.stringify(answer))])))).toEqual([]);
});
