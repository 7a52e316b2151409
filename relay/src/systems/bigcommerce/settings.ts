import { z } from 'zod';

/** Credentials must not travel in clear, except on the machine itself (gateways, test proxies). */
function isProtected(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

export const bigCommerceSettings = z.strictObject({
  storeHash: z
    .string()
    .regex(/^[a-z0-9]{3,32}$/, 'is the short name in the address of the API, like abc123')
    .describe('Store hash: the part after /stores/ in the API path that is shown with the API account'),
  accessToken: z
    .string()
    .min(1)
    .max(500)
    .regex(/^[\x21-\x7e]+$/, 'must be entered without blanks')
    .meta({ secret: true })
    .describe('Access token of a store-level API account'),
  clientId: z.string().min(1).max(500).describe('Client ID of the same API account'),
  clientSecret: z
    .string()
    .min(1)
    .max(500)
    .meta({ secret: true })
    .describe('Client secret of the same API account: the store signs its webhooks with it'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .refine(isProtected, 'must begin with https://, because credentials are sent to it')
    .default('https://api.bigcommerce.com/stores/{hash}')
    .describe('Address of the API, {hash} standing for the store hash; change it for a gateway or a test proxy'),
  webhookToleranceSeconds: z
    .int()
    .min(10)
    .max(604_800)
    .default(300)
    .describe('How far the time of a webhook may be off before it counts as late'),
  reservedRequests: z
    .int()
    .min(0)
    .max(10_000)
    .default(20)
    .describe("Requests of each 30 seconds that are left to the store's other apps; never more than half of the quota"),
  timeoutSeconds: z.number().min(0.05).max(600).default(60).describe('How long to wait for an answer'),
});
export type BigCommerceSettings = z.infer<typeof bigCommerceSettings>;

/** The store's address, ending in `/`. */
export function storeAddress({ baseUrl, storeHash }: Pick<BigCommerceSettings, 'baseUrl' | 'storeHash'>): string {
  const address = baseUrl.replace(/\{hash\}|%7Bhash%7D/i, storeHash);
  return address.endsWith('/') ? address : `${address}/`;
}
