import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openStore } from '../store/index.ts';
import { runCli, startRelay, type TestRelay } from './testing/test-relay.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startRelay();
  await run('tenants', 'add', "O'Brien Imports");
});
afterAll(() => relay[Symbol.asyncDispose]());

async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await relay.cli(args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`);
  return out.trim();
}

test('verify-audit beside the running relay: 0 intact, 1 damaged with what and where, 2 not to be found out', async () => {
  expect(await run('verify-audit')).toMatch(/^intact: \d+ events in \d+ trails, \d+ anchors; /);
  const anchor = JSON.parse(await run('audit', 'anchor')) as { number: number; hash: string };
  expect(readFileSync(path.join(relay.dataDir, 'audit-anchors.jsonl'), 'utf8')).toContain(anchor.hash);
  await using store = await openStore(relay.database);
  const { id } = await store.db.selectFrom('tenant').select('id').executeTakeFirstOrThrow();
  await store.db.updateTable('event').set({ actor: 'user:nobody' }).where('subject_id', '=', id).where('seq', '=', 1).execute();
  const damaged = await relay.cli(['verify-audit', '--tenant', "O'Brien Imports", '--json']);
  expect(damaged.code).toBe(1);
  expect(JSON.parse(damaged.out)).toMatchObject({ faultCount: 1, faults: [{ tenantId: id, subjectId: id, seq: 1, fault: 'edited' }] });
  expect(damaged.err).toBe('ml-relay: 1 faults in the audit trail\n');
  expect((await relay.cli(['verify-audit', '--since', '2099-01-01'])).code).toBe(0);
});

test.each([
  ['an unknown tenant', ['--tenant', 'Niemand'], 'there is no tenant "Niemand"'],
  ['a day that is none', ['--since', 'yesterday'], 'must be a day'],
  ['anchors that are not there', ['--anchors', 'nowhere.jsonl'], 'there is no file'],
])('verify-audit with %s ends with 2', async (_what, args, says) => {
  expect(await relay.cli(['verify-audit', ...args])).toMatchObject({ code: 2, out: '', err: expect.stringContaining(says) as unknown });
});

test('verify-audit without a database ends with 2 and makes none', async () => {
  const folder = path.join(relay.dataDir, 'other');
  expect(await runCli(folder, ['verify-audit'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('there is no database') as unknown,
  });
});

test('verify-audit with another master key ends with 2', async () => {
  const file = path.join(relay.dataDir, 'other.yaml');
  await run('audit', 'anchor');
  writeFileSync(path.join(relay.dataDir, 'other.key'), `${Buffer.alloc(32, 7).toString('base64')}\n`);
  writeFileSync(file, `masterKeyFile: other.key\ndatabase: ${JSON.stringify(relay.database)}\n`);
  expect(await relay.cli(['--config', file, 'verify-audit'])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/could not be verified: .*master key/) as unknown,
  });
});

test('retention and alert channels from the command line; secrets are never printed', async () => {
  expect(await run('audit', 'retention')).toBe(
    'details for ever, events for ever, runs for ever, webhook events 30 days\nnothing was removed yet',
  );
  expect(await run('audit', 'retention', '--details', '365', '--runs', '90')).toMatch(/^details 365 days, events for ever, runs 90 days/);
  expect(await run('audit', 'retention', '--runs', 'ever')).toMatch(/^details 365 days, events for ever, runs for ever/);
  const add = ['alerts', 'channel-add', 'Pager', '--kind', 'webhook', '--set', 'url=http://127.0.0.1:9/', '--secret', 'secret', '--stdin'];
  const made = await relay.cli(add, { stdin: 'ein-langes-geheimnis-4711\n' });
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^chn_/) as unknown });
  expect(await run('alerts', 'channels', '--json')).not.toContain('geheimnis');
  expect(await relay.cli(['alerts', 'test', 'Pager'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('(ADDRESS_DENIED)') as unknown,
  });
  expect(await run('alerts', 'rule', 'expiry', '--set', 'days=30')).toBe('expiry is on: {"days":30}');
  expect(await run('alerts', 'rules')).toMatch(/tunnel-down +yes +\{"minutes":10\}/);
  expect(await run('alerts', 'list')).toBe('none');
  expect(await run('alerts', 'channel-remove', 'Pager')).toBe('Pager is deleted');
});
