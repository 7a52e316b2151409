import { openSecrets } from './secrets.ts';

const token = '044Z+Q/8to=MDE5';
const secrets = openSecrets();
secrets.add(token);
secrets.add('Sommer"2024');

test.each([
  ['as it is', `Invalid Token ${token}`],
  ['in a link', `http://ais/jderest/v2/dataservice/next?stackId=1&token=${encodeURIComponent(token)}&x=1`],
  ['in JSON', JSON.stringify({ href: `?token=${token}`, password: 'Sommer"2024' })],
  ['in JSON with escaped slashes', `{"message":"${token.replaceAll('/', '\\/')}"}`],
  ['of somebody else, in a link', 'http://ais/next?token=055Xanother&rid=1'],
  ['of somebody else, in JSON', '{"username":"X","password":"Wint\\"er"}'],
])('a secret %s is hidden', (_what, text) => {
  const hidden = secrets.hide(text);
  expect(hidden).toContain('[secret]');
  expect(hidden).not.toMatch(/044Z|8to|Sommer|055X|Wint/);
});

test('the rest of the text stays', () => {
  expect(secrets.hide('http://ais/next?token=055X&rid=1')).toBe('http://ais/next?token=[secret]&rid=1');
});

test('a password that is used again stays hidden, whatever many tokens came in between', () => {
  const lasting = openSecrets();
  for (let login = 0; login < 30; login++) {
    lasting.add('Winter/2024=');
    lasting.add(`044Z+${login}/8to=`);
  }
  expect(lasting.hide('said Winter/2024= and Winter%2F2024%3D')).toBe('said [secret] and [secret]');
});

test('a cookie of a session is hidden', () => {
  expect(secrets.hide('{"aisSessionCookie":"abcDEF!123"}')).toBe('{"aisSessionCookie":"[secret]"}');
});
