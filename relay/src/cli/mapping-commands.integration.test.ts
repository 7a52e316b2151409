import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startRelay, type TestRelay } from './testing/test-relay.ts';

let relay: TestRelay;
const flow = 'sap-vendors-to-cin7-suppliers';
const at = ['--integration', 'Lieferanten'];
const ofFlow = [...at, '--flow', flow];
beforeAll(async () => {
  relay = await startRelay();
  await run('tenants', 'add', 'Müller & Söhne GmbH');
  await run('sites', 'add', 'Werk Süd');
  await run('connections', 'add', 'SAP PRD', '--system', 'sap-ecc', '--site', 'Werk Süd', '--set', 'agentSystem=PRD', 'client=100');
  const cin7 = ['connections', 'add', 'Cin7', '--system', 'cin7-core', '--set', 'accountId=4f3c2b1a-1111-4222-8333-444455556666'];
  await relay.cli([...cin7, '--secret', 'applicationKey', '--stdin'], { stdin: '7d1f0c2a-5b6e-4f3a-9c8d-112233445566\n' });
  await run('integrations', 'add', 'Lieferanten', '--from', 'SAP PRD', '--to', 'Cin7', '--flow', flow, '--set', 'taxRule=Tax on Purchases');
  await run('integrations', 'pause', 'Lieferanten');
});
afterAll(() => relay[Symbol.asyncDispose]());

/** Runs a command that must succeed; answers what it printed. */
async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await relay.cli(args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`);
  return out.trim();
}

test('a value map is imported from a file, previewed first, and exported for a spreadsheet', async () => {
  const file = path.join(relay.dataDir, 'terms.csv');
  writeFileSync(file, '\uFEFFvon;nach\r\n0010;10 Tage\r\nZB30;Größe 30\r\n');
  expect(await run('value-maps', 'import', 'payment-terms', 'terms.csv', '--preview', ...at)).toMatch(
    /added +0010.*\n.*\nwould be: 2 added/s,
  );
  expect(await run('value-maps', 'show', 'payment-terms', ...at)).toBe('none');
  expect(await run('value-maps', 'import', 'payment-terms', 'terms.csv', ...at)).toBe(
    '2 added, 0 changed, 0 removed, 0 unchanged\n0 records go out',
  );
  await run('value-maps', 'export', 'payment-terms', 'out.csv', '--separator', 'semicolon', ...at);
  expect(readFileSync(path.join(relay.dataDir, 'out.csv'), 'utf8')).toBe(
    '\uFEFFfrom;to;name;target name\r\n"=""0010""";"=""10 Tage""";;\r\n"=""ZB30""";"=""Größe 30""";;\r\n',
  );
  expect(await run('value-maps', 'accept', 'payment-terms', '--all', ...at)).toBe('0 entries set, 0 records go out');
  writeFileSync(file, 'Z1;30\nZ1;40\n');
  expect(await relay.cli(['value-maps', 'import', 'payment-terms', 'terms.csv', ...at])).toMatchObject({
    code: 2,
    err: expect.stringContaining('line 2 has the code Z1 that line 1 has already') as string,
  });
});

test('an override is set, listed, and taken away again', async () => {
  expect(await run('overrides', 'set', 'Name', '$uppercase(body.Name)', '--note', 'capitals', ...ofFlow)).toBe(
    'Name is overridden, 0 records go out',
  );
  expect(await run('overrides', 'show', ...ofFlow)).toMatch(/^FIELD +EXPRESSION\nName +\$uppercase\(body\.Name\)$/);
  expect(await run('overrides', 'unset', 'Name', ...ofFlow)).toBe("Name is the flow's again, 0 records go out");
  expect(await run('overrides', 'history', ...ofFlow)).toMatch(/\n2 .*\n1 .*Name +capitals$/);
  const refused = await relay.cli(['overrides', 'set', 'Name', '$now()', ...ofFlow]);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('must not use $now') as string });
});

test('a draft is saved, compared and dropped', async () => {
  writeFileSync(path.join(relay.dataDir, 'draft.json'), JSON.stringify({ overrides: [{ path: 'Currency', expression: '"CHF"' }] }));
  expect(await run('mapping-draft', 'save', 'draft.json', '--live', ...ofFlow)).toMatch(/^saved; what comes in is mapped by both/);
  expect(await run('mapping-draft', 'compare', ...ofFlow)).toBe('0 records compared: 0 the same, 0 different');
  expect(await run('mapping-draft', 'show', ...ofFlow)).toMatch(/mapping what comes in\n0 records compared/);
  expect(await run('mapping-draft', 'drop', ...ofFlow)).toBe('the draft is gone');
});

test('a dry run is asked for and tells how it went', async () => {
  const [id = ''] = (await run('dry-run', 'start', '--integration', 'Lieferanten', '--flow', flow)).split(' ');
  expect(id).toMatch(/^dry_/);
  let shown = await run('dry-run', 'show', id);
  while (/ (waiting|running) /.test(shown)) shown = await run('dry-run', 'show', id);
  expect(shown).toContain('NO_TUNNEL');
  expect(await run('dry-run', 'list')).toContain(id);
});

test('what stands still is listed by cause, and a replay of nothing is over at once', async () => {
  expect(await run('replays', 'causes')).toBe('none');
  expect(await run('replays', 'preview', '--state', 'blocked')).toMatch(/^0 records: 0 would pass/);
  const [id = ''] = (await run('replays', 'start', '--state', 'blocked')).split(' ');
  let shown = await run('replays', 'show', id);
  while (/ running /.test(shown)) shown = await run('replays', 'show', id);
  expect(shown).toContain('done');
  expect(await relay.cli(['replays', 'start'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('give record ids, or --cause') as string,
  });
});
