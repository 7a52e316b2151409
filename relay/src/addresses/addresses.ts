import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { SystemError } from '@ml-connector/shared';

/** Which addresses people may let the relay send to, in alert channels and connections. Link-local ones, where clouds keep their credentials, never. */
export interface AddressPolicy {
  /** 127.0.0.0/8 and ::1: services of the relay's own machine. */
  loopback: boolean;
  /** 10.0.0.0/8 and the like: the network the relay stands in. */
  privateNetworks: boolean;
}

const never = blockList(
  [
    ['0.0.0.0', 8],
    ['169.254.0.0', 16],
    ['100.100.100.200', 32],
    ['192.0.0.0', 24],
    ['198.18.0.0', 15],
    ['168.63.129.16', 32],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ],
  [
    ['::', 128],
    ['fe80::', 10],
    ['fec0::', 10],
    ['fd00:ec2::', 32],
    ['fd20:ce::', 32],
    ['ff00::', 8],
    // An IPv4 address within, which a gateway would reach: who writes one means to get past the rules for it.
    ['64:ff9b::', 96],
    ['64:ff9b:1::', 48],
    ['::ffff:0:0:0', 96],
    ['2001::', 32],
    ['2002::', 16],
  ],
);
// The IPv4-compatible ones; ::1 is not one of them.
never.addRange('::2', '::ffff:ffff', 'ipv6');
const loopback = blockList([['127.0.0.0', 8]], [['::1', 128]]);
const privateNetworks = blockList(
  [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['100.64.0.0', 10],
  ],
  [['fc00::', 7]],
);

export function isAllowed(address: string, policy: AddressPolicy): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || never.check(address, family)) return false;
  if (!policy.loopback && loopback.check(address, family)) return false;
  return policy.privateNetworks || !privateNetworks.check(address, family);
}

/** Resolves a name to addresses that are allowed, and to no others; for `connect`, so that what was checked is what is connected to. */
export function guardedLookup(policy: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return callback(error, []);
      const allowed = found.filter(({ address }) => isAllowed(address, policy));
      const [first] = allowed;
      if (!first) return callback(denied(hostname), []);
      if (options.all) return callback(null, allowed);
      callback(null, first.address, first.family);
    });
  };
}

/** The address to connect to for a name or an address. Rejects with `ADDRESS_DENIED`. */
export function allowedAddress(host: string, policy: AddressPolicy): Promise<string> {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0) return isAllowed(bare, policy) ? Promise.resolve(bare) : Promise.reject(denied(bare));
  return new Promise((resolve, reject) => {
    guardedLookup(policy)(bare, { all: false }, (error, address) => (error ? reject(error) : resolve(address as string)));
  });
}

function denied(host: string): SystemError {
  return new SystemError('ADDRESS_DENIED', 'refused', `${host} is an address that the relay may not send to`, {
    fix: 'Use a public address, or allow it in relay.yaml: allowLoopback and allowPrivate of alerts, or of connections.',
  });
}

function blockList(v4: readonly (readonly [string, number])[], v6: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of v4) list.addSubnet(net, prefix, 'ipv4');
  for (const [net, prefix] of v6) list.addSubnet(net, prefix, 'ipv6');
  return list;
}
