import { jdeSystemConfig } from './settings.ts';

const plain = { type: 'jde', baseUrl: 'https://ais.firma.local:7777/jderest', user: 'CONNSVC', environment: 'JPD920' };

test('little is needed, and the rest has defaults', () => {
  expect(jdeSystemConfig.parse(plain)).toEqual({
    ...plain,
    role: '*ALL',
    loginMethod: 'token',
    pageSize: 500,
    timeoutSeconds: 120,
    maxConcurrent: 2,
    decimals: {},
  });
});

test.each([
  ['a slash at the end', { baseUrl: 'https://ais.firma.local:7777/jderest/' }],
  ['a prefix of a gateway', { baseUrl: 'http://gateway/erp/prod/jderest' }],
  ['no path at all', { baseUrl: 'https://ais.firma.local' }],
  ['decimals of a column', { decimals: { 'F4311.UORG': 2, 'F4311.FEA': -2 } }],
  ['a device name and a CA', { deviceName: 'erp-agent-01', caFile: '/etc/ml-agent/ca.pem', loginMethod: 'basic' }],
])('%s is accepted', (_what, more) => {
  expect(jdeSystemConfig.safeParse({ ...plain, ...more }).error?.issues).toBeUndefined();
});

test.each([
  ['a password in the file', { password: 'Sommer2024' }, 'password', /ml-agent credentials set/],
  ['a token in the file', { token: '044Z' }, 'token', /ml-agent credentials set/],
  ['a password in the address', { baseUrl: 'https://CONNSVC:Sommer2024@ais/jderest' }, 'baseUrl', /must not stand in the address/],
  ['the version in the address', { baseUrl: 'https://ais/jderest/v2' }, 'baseUrl', /leave out the version/],
  ['a query in the address', { baseUrl: 'https://ais/jderest?x=1' }, 'baseUrl', /follows \? or #/],
  ['another scheme', { baseUrl: 'ftp://ais/jderest' }, 'baseUrl', /address of AIS/],
  ['no environment', { environment: undefined }, 'environment', /./],
  ['a page too large for the HTML server', { pageSize: 100_000 }, 'pageSize', /5000/],
  ['an alias without its table', { decimals: { UORG: 2 } }, 'decimals', /./],
  ['a device name with blanks', { deviceName: 'erp agent' }, 'deviceName', /letters, digits/],
])('%s is refused', (_what, more, path, message) => {
  const issues = jdeSystemConfig.safeParse({ ...plain, ...more }).error?.issues ?? [];
  expect(JSON.stringify(issues.find((one) => one.path[0] === path))).toMatch(message);
});

test('a key that nobody knows is refused', () => {
  expect(jdeSystemConfig.safeParse({ ...plain, enviroment: 'x' }).error?.issues[0]?.code).toBe('unrecognized_keys');
});
