import { startRelay, type TestRelay } from './testing/test-relay.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startRelay();
  await run('tenants', 'add', 'Müller & Söhne GmbH');
});
afterAll(() => relay[Symbol.asyncDispose]());

/** Runs a command that must succeed; answers what it printed. */
async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await relay.cli(args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`);
  return out.trim();
}

const eva = 'Eva.Müller@example.com';
const password = 'Ein Satz, den niemand errät';
const aLink = /^http:\/\/127\.0\.0\.1:\d+\/link#[\w-]{43}$/;

/** What the page of the link does; answers the status of a sign-in afterwards. */
async function setPasswordWith(link: string): Promise<number> {
  const [address, token] = link.split('/link#');
  const post = (path: string, body: object) =>
    fetch(`${address}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const used = await post('/links/use', { token, password });
  if (used.status !== 200) return used.status;
  return (await post('/session', { email: eva, password })).status;
}

test('an administrator comes by the link of the command line, and a newer link makes an older one void', async () => {
  const first = await run('people', 'add', eva, '--name', 'Eva Müller', '--role', 'admin', '--all-tenants');
  expect(first).toMatch(aLink);
  const second = await run('people', 'link', eva.toUpperCase());
  expect(await setPasswordWith(first)).toBe(410);
  expect(await setPasswordWith(second)).toBe(204);
  expect(await run('people', 'list')).toMatch(
    /EMAIL +NAME +IN ALL TENANTS.*\neva\.müller@example\.com +Eva Müller +admin +good +yes +no +per_/,
  );
});

test('roles are given and taken by tenant and in all of them', async () => {
  expect(await run('people', 'add', 'ops@example.com', '--name', "O'Brien", '--role', 'viewer')).toMatch(aLink);
  expect(await run('people', 'role', 'ops@example.com', 'operator', '--tenant', 'Müller & Söhne GmbH')).toBe(
    'ops@example.com has operator in this tenant',
  );
  const [member] = JSON.parse(await run('people', 'list', '--tenant', 'Müller & Söhne GmbH', '--json')) as object[];
  expect(member).toMatchObject({ email: 'ops@example.com', role: 'operator' });
  await run('people', 'role', 'ops@example.com', 'viewer', '--all-tenants');
  const everybody = JSON.parse(await run('people', 'list', '--json')) as object[];
  expect(everybody).toContainEqual(expect.objectContaining({ email: 'ops@example.com', everywhere: 'viewer' }));
  await run('people', 'role', 'ops@example.com', 'none');
  expect(await run('people', 'list', '--tenant', 'Müller & Söhne GmbH')).toBe('none');
  expect(await run('people', 'add', 'ops@example.com', '--name', "O'Brien", '--role', 'admin')).toBe(
    'ops@example.com has an account already, and signs in as before',
  );
});

test('who is disabled signs in no more until enabled again', async () => {
  const link = await run('people', 'link', eva);
  expect(await run('people', 'disable', eva)).toBe(`${eva} is disabled`);
  expect(await setPasswordWith(link)).toBe(401);
  expect(await run('people', 'enable', eva)).toBe(`${eva} is enabled`);
  expect(await setPasswordWith(await run('people', 'link', eva))).toBe(204);
  expect(await run('people', 'remove-second-factor', eva)).toBe(`${eva} signs in with the password alone`);
});

test.each([
  ['somebody unknown', ['people', 'link', 'nobody@example.com'], /nobody signs in as "nobody@example\.com"/],
  ['a role that is none', ['people', 'role', eva, 'boss'], /there is no role "boss"/],
  ['two places', ['people', 'role', eva, 'admin', '--tenant', 'x', '--all-tenants'], /not both/],
  ['somebody without a role in the tenant', ['people', 'role', eva, 'viewer'], /has no role in this tenant/],
  ['no name', ['people', 'add', 'x@example.com', '--role', 'viewer'], /required option '--name <name>'/],
])('%s is refused in a clear line', async (_what, args, says) => {
  expect(await relay.cli(args)).toMatchObject({ code: 2, err: expect.stringMatching(says) as string });
});
