import { z } from 'zod';
import type { SystemManifest } from '../system.ts';
import { openCin7Session, type OpenCin7Session } from './session.ts';

/** Credentials must not travel in clear, except on the machine itself (gateways, test proxies). */
function isProtected(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

export const cin7Settings = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .refine(isProtected, 'must begin with https://, because credentials are sent to it')
    .default('https://inventory.dearsystems.com/ExternalApi/v2/')
    .describe('Address of the API with its version; change it for a gateway or a test proxy'),
  accountId: z.guid().describe('Account ID, shown in Cin7 Core under Integrations > API'),
  applicationKey: z
    .guid()
    .meta({ secret: true })
    .describe('Application key of an API application made for this relay alone: all users of one key share its 60 calls a minute'),
  callsPerMinute: z.number().min(1).max(100_000).default(50).describe('Calls a minute; Cin7 Core allows 60 per application key'),
  limitWindowSeconds: z
    .number()
    .min(0.01)
    .max(3600)
    .default(60)
    .describe('How long all calls pause when Cin7 Core reports its limit without naming a time'),
  timeoutSeconds: z.number().min(0.05).max(600).default(60).describe('How long to wait for an answer'),
});
export type Cin7Settings = z.infer<typeof cin7Settings>;

export const cin7Core: SystemManifest<typeof cin7Settings, OpenCin7Session> = {
  id: 'cin7-core',
  label: 'Cin7 Core',
  runsOn: 'relay',
  settings: cin7Settings,
  pace: { calls: 50, perMs: 60_000, burst: 5 },
  open: ({ settings, clock, addresses }) => openCin7Session({ settings, clock, addresses }),
  async check(session, scope) {
    const { Company, Currency, LockDate } = await session.me(scope);
    return { account: Company, details: { 'Base currency': Currency, 'Lock date': LockDate ?? 'none' } };
  },
};
