import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@ml-connector/shared';
import { allowAnotherLogon, forgetLogonRefusal, openLogonGuard } from './logon-guard.ts';

const refusal = { outcome: 'refused', message: 'Name or password is incorrect (repeat logon)' } as const;
const words = { code: 'SAP_LOGON_REFUSED', kind: 'SAP system', where: 'in SU01', troubles: 'locked, expired, initial password' };
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'logon-guard-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const open = (account = '100/ML_CONNECT') => openLogonGuard({ dataDir, system: 'PRD/100', account, words, clock: systemClock });

test('a refused password is not tried again, not even after a restart', () => {
  const guard = open();
  guard.permit('Sommer2024');
  guard.ended(refusal);
  expect(() => guard.permit('Sommer2024')).toThrow(expect.objectContaining({ code: 'SAP_LOGON_REFUSED', verdict: 'halt' }));
  expect(() => open().permit('Sommer2024')).toThrow(
    expect.objectContaining({ fix: expect.stringMatching(/credentials set PRD\/100/) as unknown }),
  );
});

test('another password, another user, or the same one entered anew may be tried', () => {
  const guard = open();
  guard.permit('Sommer2024');
  guard.ended(refusal);
  expect(() => open('100/OTHER').permit('Sommer2024')).not.toThrow();
  guard.ended(refusal);
  expect(() => guard.permit('Winter2024')).not.toThrow();
  guard.ended(refusal);
  forgetLogonRefusal(dataDir, 'PRD/100');
  expect(() => guard.permit('Winter2024')).not.toThrow();
});

test('a password that was good and is refused later stops as well', () => {
  const guard = open();
  guard.permit('Sommer2024');
  guard.ended({ outcome: 'accepted', message: '' });
  guard.permit('Sommer2024');
  guard.ended(refusal);
  expect(() => guard.permit('Sommer2024')).toThrow(/not tried again/);
});

test('logons that never end are counted, unless SAP was out of reach', () => {
  for (let start = 0; start < 5; start++) {
    const guard = open();
    guard.permit('Sommer2024');
    guard.ended({ outcome: 'unclear', message: 'not reached' });
  }
  open().permit('Sommer2024');
  open().permit('Sommer2024');
  expect(() => open().permit('Sommer2024')).toThrow(/without an answer/);
});

test('neither password nor account can be read from the disk', () => {
  const guard = open();
  guard.permit('Sommer2024');
  guard.ended(refusal);
  const files = readdirSync(dataDir).map((file) => readFileSync(path.join(dataDir, file), 'utf8'));
  expect(files.join()).toContain('refused');
  expect(files.join()).not.toMatch(/Sommer2024|ML_CONNECT/);
});

test.each([
  ['another wrong password each time', (turn: number) => `Sommer202${turn}`],
  ['the same wrong password each time', () => 'Sommer2024'],
])('passwords that come from the relay cost the user three attempts at most: %s', (_what, passwordOf) => {
  let attempts = 0;
  for (let turn = 0; turn < 8; turn++) {
    allowAnotherLogon(dataDir, 'PRD/100');
    const guard = open();
    try {
      guard.permit(passwordOf(turn));
      attempts++;
      guard.ended(refusal);
    } catch (error) {
      expect(error).toMatchObject({
        code: 'SAP_LOGON_REFUSED',
        verdict: 'halt',
        fix: expect.stringContaining('on the machine') as unknown,
      });
    }
  }
  expect(attempts).toBe(3);
  forgetLogonRefusal(dataDir, 'PRD/100');
  expect(() => open().permit('Sommer2024')).not.toThrow();
});

test('a good logon forgets the refused ones before it', () => {
  for (let month = 1; month < 8; month++) {
    const guard = open();
    guard.permit(`Alt${month}`);
    guard.ended(refusal);
    allowAnotherLogon(dataDir, 'PRD/100');
    guard.permit(`Neu${month}`);
    guard.ended({ outcome: 'accepted', message: '' });
  }
});
