import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openCredentialStore } from './store.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'ml-credentials-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const textOf = (name: string): string => readFileSync(path.join(dataDir, name), 'utf8');

test('a password is stored encrypted, for the owner only, and comes back in another store on the folder', async () => {
  await openCredentialStore(dataDir).set('PRD', 'Gehe1m-Größe€');
  expect(textOf('credentials.json')).not.toContain('Gehe1m');
  for (const name of ['credentials.json', 'credentials.key']) expect(statSync(path.join(dataDir, name)).mode & 0o077).toBe(0);
  const again = openCredentialStore(dataDir);
  await expect(again.password('PRD')).resolves.toBe('Gehe1m-Größe€');
  await expect(again.password('QAS')).resolves.toBeUndefined();
  expect(again.list()).toEqual([{ system: 'PRD', changedAt: expect.any(String) as string }]);
});

test('listeners hear of every change, also of one another process made', async () => {
  const store = openCredentialStore(dataDir);
  const heard: string[] = [];
  store.onChange((system) => heard.push(system));
  await store.set('PRD', 'one');
  expect(store.remove('PRD')).toBe(true);
  expect(store.remove('PRD')).toBe(false);
  store.changed('QAS');
  expect(heard).toEqual(['PRD', 'PRD', 'QAS']);
});

test.each([
  [
    'another key',
    () => writeFileSync(path.join(dataDir, 'credentials.key'), Buffer.alloc(32).toString('base64')),
    /another credentials\.key/,
  ],
  ['no key', () => rmSync(path.join(dataDir, 'credentials.key')), /credentials\.key is missing/],
  ['a damaged file', () => writeFileSync(path.join(dataDir, 'credentials.json'), '{"systems":{"PRD":"x'), /it is damaged/],
  [
    'an entry under another name',
    () => writeFileSync(path.join(dataDir, 'credentials.json'), textOf('credentials.json').replace('"DEV"', '"PRD"')),
    /belongs to another system/,
  ],
])('%s halts the system and says what to do', async (_what, damage, sentence) => {
  await openCredentialStore(dataDir).set(_what === 'an entry under another name' ? 'DEV' : 'PRD', 'Gehe1m');
  damage();
  await expect(openCredentialStore(dataDir).password('PRD')).rejects.toMatchObject({
    code: 'CREDENTIALS_UNREADABLE',
    verdict: 'halt',
    message: expect.stringMatching(sentence) as string,
    fix: expect.stringContaining('credentials set') as string,
  });
});
