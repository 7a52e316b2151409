import { settingsFrom, textsOf } from './channel-fields.ts';

test('a new mail channel sends what was filled in, the port as a number and the addresses as a list', () => {
  const texts = {
    ...textsOf('email', undefined),
    host: ' smtp.example.com ',
    from: 'relay@example.com',
    to: 'a@example.com; b@example.com,',
  };
  expect(settingsFrom('email', texts, true)).toEqual({
    host: 'smtp.example.com',
    port: 587,
    tls: 'starttls',
    from: 'relay@example.com',
    to: ['a@example.com', 'b@example.com'],
  });
});

test('a field that was emptied is taken out; a secret that was left empty stays', () => {
  const texts = textsOf('email', {
    host: 'smtp.example.com',
    port: 25,
    tls: 'none',
    from: 'r@example.com',
    to: ['a@example.com'],
    user: 'relay',
  });
  expect(texts).toMatchObject({ port: '25', to: 'a@example.com', user: 'relay', password: '' });
  const settings = settingsFrom('email', { ...texts, user: '' }, false);
  expect(settings).toMatchObject({ port: 25, user: null, ca: null });
  expect(settings).not.toHaveProperty('password');
});
