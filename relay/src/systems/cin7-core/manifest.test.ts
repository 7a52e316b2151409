import { cin7Settings } from './index.ts';

const keys = { accountId: '5f3b8a52-6d1e-4c1b-9f6e-0c8f2f7a1b10', applicationKey: 'c0ffee00-1d2c-4b3a-8f4e-5a6b7c8d9e0f' };

test('account and key are enough', () => {
  expect(cin7Settings.parse(keys)).toMatchObject({ baseUrl: 'https://inventory.dearsystems.com/ExternalApi/v2/', callsPerMinute: 50 });
});

test.each([
  ['a key that is no GUID', { ...keys, applicationKey: 'secret' }],
  ['an unknown setting', { ...keys, acountId: 'x' }],
  ['credentials in clear over the network', { ...keys, baseUrl: 'http://gateway.example/v2/' }],
  ['another protocol', { ...keys, baseUrl: 'ftp://127.0.0.1/' }],
  ['a pace of nothing', { ...keys, callsPerMinute: 0 }],
])('%s is refused', (_what, settings) => {
  expect(cin7Settings.safeParse(settings).success).toBe(false);
});

test('plain http is accepted on the machine itself only', () => {
  expect(cin7Settings.safeParse({ ...keys, baseUrl: 'http://127.0.0.1:8707/ExternalApi/v2/' }).success).toBe(true);
  expect(cin7Settings.safeParse({ ...keys, baseUrl: 'http://localhost.example/' }).success).toBe(false);
});

test('the key is marked as a secret', () => {
  expect(cin7Settings.shape.applicationKey.meta()).toMatchObject({ secret: true });
});
