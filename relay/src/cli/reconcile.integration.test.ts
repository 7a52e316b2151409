import { startRelay, type TestRelay } from './testing/test-relay.ts';

let relay: TestRelay;
const flow = 'sap-gl-documents-to-cin7-journals';
const ofFlow = ['--integration', 'Hauptbuch', '--flow', flow];
beforeAll(async () => {
  relay = await startRelay();
  await run('tenants', 'add', "O'Brien & Söhne GmbH");
  await run('sites', 'add', 'Werk Süd');
  await run('connections', 'add', 'SAP PRD', '--system', 'sap-ecc', '--site', 'Werk Süd', '--set', 'agentSystem=PRD', 'client=100');
  const cin7 = ['connections', 'add', 'Cin7', '--system', 'cin7-core', '--set', 'accountId=4f3c2b1a-1111-4222-8333-444455556666'];
  await relay.cli([...cin7, '--secret', 'applicationKey', '--stdin'], { stdin: '7d1f0c2a-5b6e-4f3a-9c8d-112233445566\n' });
  const settings = ['--set', 'companyCodes=["1000"]', 'startDate=2026-01-01'];
  await run('integrations', 'add', 'Hauptbuch', '--from', 'SAP PRD', '--to', 'Cin7', '--flow', flow, ...settings);
});
afterAll(() => relay[Symbol.asyncDispose]());

/** Runs a command that must succeed; answers what it printed. */
async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await relay.cli(args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`);
  return out.trim();
}

test('a reconciliation is asked for, and what became of it is told with what to do', async () => {
  const asked = await run('reconcile', 'start', ...ofFlow, '--first', '2026-04-01', '--last', '2026-04-30');
  const id = /^asked for; see it with: ml-relay reconcile show (\w+)$/.exec(asked)?.[1] ?? '';
  const list = JSON.parse(await run('reconcile', 'list', '--json')) as { id: string; days: object }[];
  expect(list).toMatchObject([{ id, days: { first: '2026-04-01', last: '2026-04-30' } }]);
  expect(await run('reconcile', 'list')).toMatch(new RegExp(`^ID +FLOW +DAYS.*\\n${id} +${flow} +2026-04-01 to 2026-04-30 +manual`));
  expect(await run('reconcile', 'show', id)).toContain('2026-04-01 to 2026-04-30');
  expect(await run('reconcile', 'show', id, '--json')).toMatch(/"differences": \[\]/);
});

test.each([
  ['half a range of days', ['--first', '2026-04-01'], 'give --first and --last together'],
  ['days in the wrong order', ['--first', '2026-04-02', '--last', '2026-04-01'], 'days.last'],
])('%s is refused', async (_what, days, sentence) => {
  expect(await relay.cli(['reconcile', 'start', ...ofFlow, ...days])).toMatchObject({
    code: 2,
    err: expect.stringContaining(sentence) as string,
  });
});

test('the plan is shown, changed by what is given, and switched off', async () => {
  expect(await run('reconcile', 'plan', ...ofFlow)).toMatch(/^every day at 02:00 \(UTC\), the last 2 months; next /);
  const changed = await run('reconcile', 'plan', ...ofFlow, '--hour', '23', '--time-zone', 'Europe/Berlin');
  expect(changed).toMatch(/^every day at 23:00 \(Europe\/Berlin\), the last 2 months; next 20/);
  expect(await run('reconcile', 'plan', ...ofFlow, '--every-hours', '6', '--months', '1')).toMatch(/^every 6 hours, the last 1 months/);
  expect(await run('reconcile', 'plan', ...ofFlow, '--off')).toBe('not by itself');
  const refused = await relay.cli(['reconcile', 'plan', ...ofFlow, '--hour', '24']);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('from 0 to 23') as string });
});
