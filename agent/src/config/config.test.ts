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
  expect(settings.systems['JDE']).toMatchObject({ type: 'jde', environment: 'JPD920', loginMethod: 'token' });
  expect(settings.policy['JDE']).toMatchObject({ presets: expect.arrayContaining(['jde-suppliers-to-cin7-suppliers']) as unknown });
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

const jde = `${prd}  JDE: { type: jde, baseUrl: 'https://ais:7777/jderest', user: MLCONN, environment: JPD920 }\n`;
const policyOf = (system: string, line: string): string => `${jde}policy:\n  ${system}: { ${line} }\n`;

test('each system reads its policy as its type wants it', () => {
  const { policy } = parse(
    `${jde}policy:\n  PRD: { functions: [Z_READ] }\n  JDE: { tables: { F0101: [AN8], F0006: '*' }, orchestrations: [ML_Suppliers] }\n`,
  );
  expect(policy).toEqual({
    PRD: { presets: [], functions: ['Z_READ'], writes: [], tables: {}, parameters: [], rows: [] },
    JDE: { presets: [], tables: { F0101: ['AN8'], F0006: '*' }, rows: [], orchestrations: ['ML_Suppliers'] },
  });
});

test.each([
  [
    'a preset of SAP for JD Edwards',
    policyOf('JDE', 'presets: [sap-vendors-to-cin7-suppliers]'),
    'agent.yaml:5: policy.JDE.presets.0 is a preset for SAP systems; this system knows jde-suppliers-to-cin7-suppliers,',
  ],
  [
    'a preset of JD Edwards for SAP',
    policyOf('PRD', 'presets: [jde-accounts-to-cin7-accounts]'),
    'policy.PRD.presets.0 is a preset for JD Edwards systems; this system knows sap-vendors-to-cin7-suppliers,',
  ],
  ['a misspelt preset', policyOf('JDE', 'presets: [jde-account-to-cin7-accounts]'), 'did you mean "jde-accounts-to-cin7-accounts"'],
  [
    'function modules for JD Edwards',
    policyOf('JDE', 'functions: [Z_READ]'),
    'policy.JDE.functions is for SAP systems; a JD Edwards system is only read',
  ],
  ['writes for JD Edwards', policyOf('JDE', 'writes: [Z_POST]'), 'policy.JDE.writes is for SAP systems'],
  [
    'parameters for JD Edwards',
    policyOf('JDE', 'parameters: []'),
    'policy.JDE.parameters is for SAP systems; for JD Edwards restrict what is read with rows',
  ],
  ['orchestrations for SAP', policyOf('PRD', 'orchestrations: [ML_X]'), 'policy.PRD.orchestrations is for JD Edwards systems'],
  ['a misspelt key', policyOf('JDE', 'orchestration: [ML_X]'), 'policy.JDE.orchestration is not known; did you mean "orchestrations"'],
  ['a table of SAP', policyOf('JDE', 'tables: { LFA1: [LIFNR] }'), 'policy.JDE.tables.LFA1 must be a table such as F0101'],
  ['an empty section', `${jde}policy:\n  JDE:\n`, 'policy.JDE is empty; it must be a block of keys'],
  [
    'a type that is not known',
    `${jde}  OLD: { type: jde-world }\npolicy:\n  OLD: { anything: 1 }\n`,
    'systems.OLD.type needs type: one of sap-ecc, jde',
  ],
  ['no type', `${jde}  OLD: { user: X }\n`, 'systems.OLD.type needs type'],
  [
    'a password',
    jde.replace('user: MLCONN', 'user: MLCONN, password: Gehe1m'),
    'systems.JDE.password password must not stand in this file',
  ],
  [
    'a key of SAP in the system',
    jde.replace('user: MLCONN', 'user: MLCONN, client: "100"'),
    'agent.yaml:3: systems.JDE.client is not known',
  ],
])('a JD Edwards system beside SAP: %s is refused', (_what, text, sentence) => {
  expect(() => parse(text)).toThrow(sentence);
  expect(() => parse(text)).not.toThrow(/Gehe1m/);
});

test('problems of systems and of their policies are told at once', () => {
  const text = `${jde.replace('environment', 'enviroment')}policy:\n  JDE: { tabels: {} }\n  PRD: { tabels: {} }\n`;
  expect(() => parse(text)).toThrow(/systems\.JDE\.enviroment[^]*policy\.JDE\.tabels[^]*policy\.PRD\.tabels/);
});

test.each([
  ['a policy that is a list', `${prd}policy: [PRD]\n`, 'policy must be a block of keys'],
  ['systems that are a list', 'systems: [PRD]\npolicy: { PRD: {} }\n', 'systems must be a block of keys'],
  [
    'a policy of a system named like a property of objects',
    `${prd}policy: { constructor: {} }\n`,
    'policy.constructor is for a system that is not listed',
  ],
])('%s is refused', (_what, text, sentence) => {
  expect(() => parse(text)).toThrow(sentence);
});

test('places named on the command line win', () => {
  expect(configFile({ config: '/srv/a.yaml', dataDir: '/srv/data' })).toBe('/srv/a.yaml');
  expect(dataFolder({ dataDir: '/srv/data' }, { dataDir: '/var/other' })).toBe('/srv/data');
  expect(dataFolder({}, { dataDir: '/var/other' })).toBe('/var/other');
});
