import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { identityFile, newIdentityFile, readIdentityFile, writeIdentityFile } from './identity.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ml-identity-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

(process.platform === 'win32' ? test.skip : test)("a data folder made by the enrolment is closed to everybody but the agent's user", () => {
  const dataDir = path.join(folder, 'lib', 'ml-agent');
  writeIdentityFile(dataDir, identityFile, newIdentityFile('enr_1'));
  expect((statSync(dataDir).mode & 0o777).toString(8)).toBe('700');
  expect((statSync(path.join(dataDir, identityFile)).mode & 0o777).toString(8)).toBe('600');
  expect(readIdentityFile(dataDir, identityFile)).toMatchObject({ tokenId: 'enr_1' });
});
