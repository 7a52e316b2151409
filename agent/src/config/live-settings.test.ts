import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLog, loadConfig } from '@ml-connector/shared';
import { watchSettings, type LiveSettings } from './live-settings.ts';
import { agentSettings } from './schema.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ml-live-'));
  file = path.join(folder, 'agent.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

const yaml = (functions: string, more = ''): string =>
  `systems:\n  PRD: { type: sap-ecc, ashost: sap, sysnr: '00', client: '100', user: RFC_MLCONN }\npolicy:\n  PRD:\n    functions: [${functions}]\n${more}`;

function open(): { live: LiveSettings; logged: () => string; nextLine: () => Promise<string> } {
  writeFileSync(file, yaml('Z_ONE'));
  const lines: string[] = [];
  let wake: ((line: string) => void) | undefined;
  const write = (line: string): void => {
    lines.push(line);
    wake?.(line);
  };
  const log = createLog({ component: 'agent' }, { write });
  const live = watchSettings({ file, settings: loadConfig({ file, schema: agentSettings }), log, lookEveryMs: 20 });
  return { live, logged: () => lines.join(''), nextLine: () => new Promise((resolve) => (wake = resolve)) };
}

const allows = (live: LiveSettings, name: string): boolean =>
  live.policy().decide('SapUnit', { system: 'PRD', calls: [{ function: name, parameters: {} }], commit: 'never' }).allowed;

test('a changed policy counts once the file is saved', async () => {
  const { live, nextLine } = open();
  using _watched = live;
  expect(allows(live, 'Z_TWO')).toBe(false);
  const said = nextLine();
  writeFileSync(file, yaml('Z_TWO'));
  expect(await said).toContain('the policy was read again');
  expect([allows(live, 'Z_ONE'), allows(live, 'Z_TWO')]).toEqual([false, true]);
});

test('a bad file keeps the old policy and says why, with lines', async () => {
  const { live, nextLine } = open();
  using _watched = live;
  const said = nextLine();
  writeFileSync(file, yaml('Z_TWO').replace('functions', 'function'));
  expect(await said).toMatch(/agent\.yaml:5: policy\.PRD\.function is not known; did you mean \\"functions\\".*stays as it was/);
  expect([allows(live, 'Z_ONE'), allows(live, 'Z_TWO')]).toEqual([true, false]);
  expect(() => live.reload()).toThrow('policy.PRD.function is not known');
  rmSync(file);
  expect(() => live.reload()).toThrow('does not exist');
  expect(allows(live, 'Z_ONE')).toBe(true);
});

test('other changes wait for a restart and are named', () => {
  const { live, logged } = open();
  using _watched = live;
  writeFileSync(file, yaml('Z_TWO', 'audit: { keepDays: 30 }\n'));
  expect(live.reload()).toEqual({ restartNeededFor: ['audit'] });
  expect(allows(live, 'Z_TWO')).toBe(true);
  expect(logged()).toContain('count after a restart');
});

test('a system whose type was changed is closed until the restart: the rules of another kind allow it nothing', () => {
  const { live } = open();
  using _watched = live;
  const jde = "{ type: jde, baseUrl: 'https://ais:7777/jderest', user: MLCONN, environment: JPD920 }";
  writeFileSync(file, `systems:\n  PRD: ${jde}\npolicy:\n  PRD: { tables: { F0101: '*' } }\n`);
  expect(live.reload()).toEqual({ restartNeededFor: ['systems'] });
  expect([allows(live, 'Z_ONE'), allows(live, 'RFC_PING')]).toEqual([false, false]);
});
