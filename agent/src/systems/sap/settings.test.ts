import { connectionParameters, sapSystemConfig } from './settings.ts';

const direct = { type: 'sap-ecc', ashost: 'sapprd01.firma.local', sysnr: '00', client: '100', user: 'ML_CONNECT' };

test('a direct connection needs little, and the rest has defaults', () => {
  const settings = sapSystemConfig.parse(direct);
  expect(settings).toMatchObject({ maxConnections: 3, readFunction: 'auto', rfcModule: 'node-rfc', lang: 'EN' });
  expect(connectionParameters(settings)).toEqual({
    ashost: 'sapprd01.firma.local',
    sysnr: '00',
    client: '100',
    user: 'ML_CONNECT',
    lang: 'EN',
  });
});

test('numbers that YAML made of digits get their zeros back', () => {
  const settings = sapSystemConfig.parse({ ...direct, sysnr: 3, client: 1, trace: 0 });
  expect(connectionParameters(settings)).toMatchObject({ sysnr: '03', client: '001', trace: '0' });
});

test.each([
  ['load balancing', { mshost: 'sapms', r3name: 'PRD', group: 'SPACE', client: '100', user: 'U' }],
  ['load balancing by port', { mshost: 'sapms', msserv: 3600, client: '100', user: 'U' }],
  ['a SAProuter before it', { ...direct, saprouter: '/H/router.firma.de/S/3299/H/' }],
  ['a chain of SAProuters', { ...direct, saprouter: '/H/gw1/S/3299/W/geheim/H/gw2/H/' }],
  ['a gateway', { gwhost: 'sapgw', gwserv: 'sapgw00', client: '100', user: 'U', ashost: 'app', sysnr: '00' }],
  ['SNC with password', { ...direct, snc_mode: 1, snc_partnername: 'p:CN=PRD, O=Firma', snc_sso: 0, snc_qop: 9 }],
  [
    'SNC single sign-on without user',
    { type: 'sap-ecc', ashost: 'h', sysnr: '00', client: '100', snc_mode: '1', snc_partnername: 'p:CN=PRD' },
  ],
  ['an entry of sapnwrfc.ini', { dest: 'PRD' }],
])('%s is accepted', (_what, settings) => {
  expect(sapSystemConfig.safeParse({ type: 'sap-ecc', ...settings }).error?.issues).toBeUndefined();
});

test.each([
  ['nothing to reach', { client: '100', user: 'U' }, 'ashost', /say how to reach/],
  ['two ways at once', { ...direct, mshost: 'sapms', r3name: 'PRD' }, 'mshost', /contradict/],
  ['no instance number', { ashost: 'h', client: '100', user: 'U' }, 'sysnr', /instance number/],
  ['message server without system', { mshost: 'm', client: '100', user: 'U' }, 'r3name', /r3name/],
  ['group without message server', { ...direct, group: 'PUBLIC' }, 'group', /belongs to mshost/],
  ['SNC without partner', { ...direct, snc_mode: 1 }, 'snc_partnername', /SNC name of the SAP system/],
  ['SNC name without SNC', { ...direct, snc_partnername: 'p:CN=X' }, 'snc_partnername', /no effect without snc_mode/],
  ['a broken router string', { ...direct, saprouter: 'router:3299' }, 'saprouter', /\/H\//],
  ['no user', { ashost: 'h', sysnr: '00', client: '100' }, 'user', /user is missing/],
  ['no client', { ashost: 'h', sysnr: '00', user: 'U' }, 'client', /client is missing/],
  ['a password in the file', { ...direct, passwd: 'Sommer2024' }, 'passwd', /ml-agent credentials set/],
  ['a quality that does not exist', { ...direct, snc_mode: 1, snc_partnername: 'p:CN=X', snc_qop: 5 }, 'snc_qop', /1, 2, 3, 8 or 9/],
  ['a sysnr of one digit', { ...direct, sysnr: '0' }, 'sysnr', /2 digits/],
])('%s is refused', (_what, settings, path, message) => {
  const issues = sapSystemConfig.safeParse({ type: 'sap-ecc', ...settings }).error?.issues ?? [];
  const issue = issues.find((one) => one.path[0] === path);
  expect(JSON.stringify(issue)).toMatch(message);
});

test('a key that nobody knows is refused', () => {
  expect(sapSystemConfig.safeParse({ ...direct, ashots: 'x' }).error?.issues[0]?.code).toBe('unrecognized_keys');
});
