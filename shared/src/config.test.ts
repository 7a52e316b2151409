import { z } from 'zod';
import { configJsonSchema, isConfigError, loadConfig, parseConfig, type ConfigError } from './config.ts';

const schema = z.strictObject({
  relayUrl: z.url({ protocol: /^https$/ }),
  heartbeatSeconds: z.int().min(5).max(300).default(20),
  level: z.enum(['debug', 'info', 'warn']).default('info'),
  systems: z
    .record(
      z.string(),
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('sap-ecc'), ashost: z.string(), passwd: z.string().optional() }),
        z.strictObject({ type: z.literal('jde'), url: z.string() }),
      ]),
    )
    .default({}),
  tables: z.record(z.string(), z.union([z.literal('*'), z.array(z.string()).min(1)])).default({}),
});

function problemsOf(text: string): string[] {
  try {
    parseConfig({ text, file: 'agent.yaml', schema });
  } catch (error) {
    if (isConfigError(error)) return error.message.split('\n');
    throw error;
  }
  return [];
}

test('a good file becomes a typed object with its defaults', () => {
  const config = parseConfig({ text: 'relayUrl: https://relay.example.com\n', file: 'agent.yaml', schema });
  expect(config).toEqual({ relayUrl: 'https://relay.example.com', heartbeatSeconds: 20, level: 'info', systems: {}, tables: {} });
});

test('every problem is listed at once, each with its line and what was meant', () => {
  const text = [
    'relayURL: https://relay.example.com', // 1
    'heartbeatSeconds: 2', // 2
    'level: inof', // 3
    'systems:', // 4
    '  PRD:', // 5
    '    type: sap-ecc', // 6
    '    ashots: sap.example.com', // 7
    'tables:', // 8
    '  LFA1: []', // 9
  ].join('\n');
  expect(problemsOf(text)).toEqual([
    'agent.yaml:1: relayUrl is missing (text)',
    'agent.yaml:1: relayURL is not known; did you mean "relayUrl"?',
    'agent.yaml:2: heartbeatSeconds must be at least 5',
    'agent.yaml:3: level must be one of debug, info, warn; did you mean "info"?',
    'agent.yaml:5: systems.PRD.ashost is missing (text)',
    'agent.yaml:7: systems.PRD.ashots is not known; did you mean "ashost"?',
    'agent.yaml:9: tables.LFA1 must have an entry count of at least 1',
  ]);
});

test.each([
  ['a tab', 'systems:\n\tPRD: {}\n', /agent\.yaml:\d+: this line .*(tab|YAML)/],
  ['a key twice', 'level: info\nlevel: warn\n', /agent\.yaml:2: this line has the same key twice/],
  ['an open quote', "relayUrl: 'https://relay\n", /closing quote/],
  ['a number for text', 'relayUrl: https://a.example\nsystems:\n  PRD: { type: sap-ecc, ashost: 0100 }\n', /:3: .*put it in quotes/],
  ['an unknown kind', 'relayUrl: https://a.example\nsystems:\n  PRD: { type: oracle }\n', /:3: systems\.PRD.*sap-ecc/],
  ['a key without value', 'relayUrl:\n', /:1: relayUrl is empty; it must be text/],
  ['a list for a block', '- one\n- two\n', /:1: must be a block of keys/],
  ['http without TLS', 'relayUrl: http://a.example\n', /must be a web address such as https/],
])('%s is refused with its line', (_what, text, sentence) => {
  expect(problemsOf(text).join('\n')).toMatch(sentence);
});

test.each([
  ['as a reserved character', 'passwd: @Geheim123'],
  ['as an alias', 'passwd: *Geheim123'],
  ['as an anchor or tag', 'passwd: !Geheim123 [x'],
  ['as a list', 'passwd: [Geheim123]'],
  ['under a wrong key', 'pasword: Geheim123'],
])('a secret that breaks the file is never repeated: %s', (_what, line) => {
  const problems = problemsOf(`relayUrl: https://a.example\nsystems:\n  PRD:\n    type: sap-ecc\n    ashost: h\n    ${line}\n`);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.join('\n')).not.toContain('Geheim123');
});

test('a missing file is one problem that names it', () => {
  expect(() => loadConfig({ file: '/nowhere/agent.yaml', schema })).toThrow('/nowhere/agent.yaml: does not exist');
});

test('an empty file is told what is missing', () => {
  expect(problemsOf('')).toEqual(['agent.yaml:1: relayUrl is missing (text)']);
});

test('the JSON schema leaves defaulted keys optional and refuses others', () => {
  expect(configJsonSchema(schema, 'agent.yaml')).toMatchObject({
    title: 'agent.yaml',
    required: ['relayUrl'],
    additionalProperties: false,
    properties: { level: { default: 'info', enum: ['debug', 'info', 'warn'] } },
  });
});

test('a ConfigError carries the problems as data', () => {
  let caught: ConfigError | undefined;
  try {
    parseConfig({ text: 'level: loud', file: 'agent.yaml', schema });
  } catch (error) {
    caught = error as ConfigError;
  }
  expect(caught?.problems.map(({ path, line }) => [path, line])).toEqual([
    ['relayUrl', 1],
    ['level', 1],
  ]);
});
