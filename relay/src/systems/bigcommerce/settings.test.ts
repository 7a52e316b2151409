import { bigCommerceSettings, storeAddress } from './index.ts';

const account = { storeHash: 'abc123', accessToken: 'token', clientId: 'client', clientSecret: 'secret' };

test('the API account and the store hash are enough', () => {
  const settings = bigCommerceSettings.parse(account);
  expect(settings).toMatchObject({ webhookToleranceSeconds: 300, reservedRequests: 20 });
  expect(storeAddress(settings)).toBe('https://api.bigcommerce.com/stores/abc123/');
});

test.each([
  ['http://127.0.0.1:8708', 'http://127.0.0.1:8708/'],
  ['http://127.0.0.1:8708/stores/{hash}/', 'http://127.0.0.1:8708/stores/abc123/'],
  ['https://gateway.example/bc/%7Bhash%7D', 'https://gateway.example/bc/abc123/'],
])('%s leads to %s', (baseUrl, address) => {
  expect(storeAddress(bigCommerceSettings.parse({ ...account, baseUrl }))).toBe(address);
});

test.each([
  ['no client secret', { ...account, clientSecret: undefined }],
  ['a whole address in place of the hash', { ...account, storeHash: 'https://store-abc123.mybigcommerce.com' }],
  ['a token with a line feed', { ...account, accessToken: 'token\n' }],
  ['an unknown setting', { ...account, storeHsh: 'x' }],
  ['credentials in clear over the network', { ...account, baseUrl: 'http://gateway.example/stores/{hash}' }],
])('%s is refused', (_what, settings) => {
  expect(bigCommerceSettings.safeParse(settings).success).toBe(false);
});

test('token and secret are marked as secrets', () => {
  const { accessToken, clientSecret } = bigCommerceSettings.shape;
  expect([accessToken.meta(), clientSecret.meta()]).toMatchObject([{ secret: true }, { secret: true }]);
});
