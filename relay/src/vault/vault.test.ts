import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rotateMasterKey, type RewriteSecrets } from './rotate.ts';
import { openVault } from './vault.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vault-'));
  file = path.join(folder, 'keys', 'master.key');
});
afterEach(() => rmSync(folder, { recursive: true }));

const secret = '{"applicationKey":"Größe 漢字 O\'Brien"}';
const thrownBy = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

test('the first start makes a key file for its owner only, the next one reads it', () => {
  const sealed = openVault({ file }).encrypt(secret, 'connection:con_1');
  expect(sealed).not.toContain('applicationKey');
  expect(openVault({ file }).decrypt(sealed, 'connection:con_1')).toBe(secret);
  expect(statSync(file).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
});

test('the same secret never looks the same twice', () => {
  const vault = openVault({ file });
  expect(vault.encrypt(secret, 'connection:con_1')).not.toBe(vault.encrypt(secret, 'connection:con_1'));
});

test.each([
  ['moved to another owner', (sealed: string) => sealed, 'connection:con_2'],
  ['changed in one place', (sealed: string) => `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`, 'connection:con_1'],
  ['with a shortened tag', (sealed: string) => sealed.split('.').with(3, 'AAAA').join('.'), 'connection:con_1'],
  ['cut short', (sealed: string) => sealed.split('.').slice(0, 3).join('.'), 'connection:con_1'],
])('a text %s does not open', (_what, change, owner) => {
  const vault = openVault({ file });
  const sealed = change(vault.encrypt(secret, 'connection:con_1'));
  expect(thrownBy(() => vault.decrypt(sealed, owner))).toMatchObject({ code: 'VAULT_DAMAGED', verdict: 'halt' });
});

test('with another master key the error names the key that is missing and where it is looked for', () => {
  const sealed = openVault({ file }).encrypt(secret, 'connection:con_1');
  const other = openVault({ keys: Buffer.alloc(32, 7).toString('base64') });
  expect(thrownBy(() => other.decrypt(sealed, 'connection:con_1'))).toMatchObject({
    code: 'VAULT_KEY_MISSING',
    verdict: 'halt',
    message: expect.stringMatching(/master key [0-9a-f]{8} is not in ML_RELAY_MASTER_KEY/),
  });
});

test.each([
  ['empty', ''],
  ['too short', 'c2hvcnQ='],
])('a key that is %s is refused at the start', (_what, keys) => {
  expect(() => openVault({ keys })).toThrow(/32 bytes in base64/);
});

describe('rotation', () => {
  let secrets: Map<string, string>;
  const rewrite: RewriteSecrets = async (change) => {
    secrets = new Map([...secrets].map(([owner, sealed]) => [owner, change(sealed, owner)]));
    return secrets.size;
  };
  beforeEach(() => {
    const vault = openVault({ file });
    secrets = new Map(['connection:con_1', 'relay-key:key_1'].map((owner) => [owner, vault.encrypt(secret, owner)]));
  });

  test('encrypts everything anew, a running vault follows, the old key is gone', async () => {
    const running = openVault({ file });
    const oldKey = readFileSync(file, 'utf8');
    expect(await rotateMasterKey(file, rewrite)).toMatchObject({ secrets: 2 });
    for (const [owner, sealed] of secrets) expect(running.decrypt(sealed, owner)).toBe(secret);
    const stale = openVault({ keys: oldKey });
    expect(thrownBy(() => stale.decrypt(secrets.get('connection:con_1') ?? '', 'connection:con_1'))).toMatchObject({
      code: 'VAULT_KEY_MISSING',
    });
  });

  test('that stops half way leaves everything readable, and can be run again', async () => {
    await expect(rotateMasterKey(file, () => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    for (const [owner, sealed] of secrets) expect(openVault({ file }).decrypt(sealed, owner)).toBe(secret);
    await rotateMasterKey(file, rewrite);
    for (const [owner, sealed] of secrets) expect(openVault({ file }).decrypt(sealed, owner)).toBe(secret);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
  });
});

test('several keys may stand in the environment while a rotation is made there: the first one encrypts', () => {
  const [old, fresh] = [1, 2].map((fill) => Buffer.alloc(32, fill).toString('base64'));
  const sealed = openVault({ keys: `${old}` }).encrypt(secret, 'connection:con_1');
  const both = openVault({ keys: `${fresh},${old}` });
  expect(both.decrypt(sealed, 'connection:con_1')).toBe(secret);
  expect(both.isCurrent(sealed)).toBe(false);
  writeFileSync(path.join(folder, 'both'), `${fresh}\n${old}\n`);
  expect(openVault({ file: path.join(folder, 'both') }).decrypt(sealed, 'connection:con_1')).toBe(secret);
});
