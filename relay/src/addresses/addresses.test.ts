import { allowedAddress, isAllowed, type AddressPolicy } from './addresses.ts';

const outside: AddressPolicy = { loopback: false, privateNetworks: false };
const everything: AddressPolicy = { loopback: true, privateNetworks: true };

test.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) => {
  expect(isAllowed(address, outside)).toBe(true);
});

test.each(['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '10.1.2.3', '192.168.0.1', '100.64.0.1', 'fc00::1'])(
  '%s is of this machine or network, and needs to be allowed',
  (address) => {
    expect([isAllowed(address, outside), isAllowed(address, everything)]).toEqual([false, true]);
  },
);

test.each([
  ['0.0.0.0', 'this machine'],
  ['::', 'this machine'],
  ['169.254.169.254', 'link-local'],
  ['::ffff:169.254.169.254', 'link-local, mapped'],
  ['::ffff:a9fe:a9fe', 'link-local, mapped'],
  ['::a9fe:a9fe', 'link-local, compatible'],
  ['::127.0.0.1', 'loopback, compatible'],
  ['::ffff:0:127.0.0.1', 'loopback, translated'],
  ['64:ff9b::a9fe:a9fe', 'link-local through NAT64'],
  ['64:ff9b:1::a9fe:a9fe', 'link-local through a local NAT64'],
  ['2002:7f00:1::', 'loopback through 6to4'],
  ['2001::1', 'Teredo'],
  ['fe80::1', 'link-local'],
  ['fec0::1', 'site-local'],
  ['fd00:ec2::254', 'credentials of a cloud'],
  ['fd20:ce::254', 'credentials of a cloud'],
  ['100.100.100.200', 'credentials of a cloud'],
  ['192.0.0.192', 'credentials of a cloud'],
  ['198.18.0.1', 'test networks'],
  ['224.0.0.1', 'many'],
  ['255.255.255.255', 'all'],
  ['no address', 'nothing'],
])('%s (%s) is never allowed', (address) => {
  expect(isAllowed(address, everything)).toBe(false);
});

test.each(['2130706433', '0x7f.1', '127.1', '0177.0.0.1', '[::1]', 'localhost'])('%s is another way to write loopback', async (host) => {
  await expect(allowedAddress(host, outside)).rejects.toMatchObject({ code: 'ADDRESS_DENIED' });
});
