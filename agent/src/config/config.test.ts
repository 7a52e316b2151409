import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadConfig, parseConfig } from '@ml-connector/shared';
import { agentJsonSchema } from './json-schema.ts';
import { configFile, dataFolder } from './places.ts';
import { agentSettings } from './schema.ts';

const agentFolder = path.resolve(import.meta.dirname, '../..');
const parse = (text: string) => parseConfig({ text, file: 'agent.yaml', schema: agentSettings });

test('the example file is good', () => {
  const settings = loadConfig({ file: path.join(agentFolder, 'agent.example.yaml'), schema: agentSettings });
  expect(settings.systems['PRD']).toMatchObject({ type: 'sap-ecc', sysnr: '00', client: '100' });
  expect(settings.policy['PRD']?.rows).toHaveLength(1);
});

test('agent.schema.json is up to date; `node agent/src/main.ts config schema > agent/agent.schema.json` writes it', () => {
  const stored: unknown = JSON.parse(readFileSync(path.join(agentFolder, 'agent.schema.json'), 'utf8'));
  expect(stored).toEqual(JSON.parse(agentJsonSchema()));
});

test('an empty file is an agent without systems, quiet and closed', () => {
  expect(parse('')).toEqual({
    logs: { level: 'info', maxFileMb: 20, keepFiles: 14 },
    audit: { keepDays: 400 },
    systems: {},
    policy: {},
  });
});

const prd = 'systems:\n  PRD: { type: sap-ecc, ashost: sap, sysnr: "00", client: "100", user: RFC_MLCONN }\n';
test.each([
  [
    'a policy for another system',
    `${prd}policy:\n  PDR: {}\n`,
    'agent.yaml:4: policy.PDR is for a system that is not listed under systems; did you mean "PRD"?',
  ],
  ['a misspelt parameter', prd.replace('ashost', 'ashots'), 'agent.yaml:2: systems.PRD.ashots is not known; did you mean "ashost"?'],
  ['a password', prd.replace('user:', 'passwd: Gehe1m, user:'), 'agent.yaml:2: systems.PRD.passwd'],
  ['a relay without TLS', 'relayUrl: http://relay.example.com', 'relayUrl must be a web address such as https'],
  ['a data folder that depends on where one stands', 'dataDir: data', 'dataDir must be an absolute path'],
  ['a system name with a blank', prd.replace('PRD', '"PRD 100"'), 'systems.PRD 100'],
])('%s is refused', (_what, text, sentence) => {
  expect(() => parse(text)).toThrow(sentence);
  expect(() => parse(text)).not.toThrow(/Gehe1m/);
});

test('places named on the command line win', () => {
  expect(configFile({ config: '/srv/a.yaml', dataDir: '/srv/data' })).toBe('/srv/a.yaml');
  expect(dataFolder({ dataDir: '/srv/data' }, { dataDir: '/var/other' })).toBe('/srv/data');
  expect(dataFolder({}, { dataDir: '/var/other' })).toBe('/var/other');
});
