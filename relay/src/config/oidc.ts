import { z } from 'zod';

/** The section `oidc` of relay.yaml. The secret itself stands in a file, or in ML_RELAY_OIDC_CLIENT_SECRET. */
export const oidcSchema = z
  .strictObject({
    issuer: z
      .url()
      .refine(isSafe, 'must begin with https:// (http:// is for the own machine only)')
      .describe('Address of the identity provider, as its tokens name it'),
    clientId: z.string().min(1).describe('Of this relay at the provider, where {http.publicUrl}/oauth/oidc/callback is a redirect address'),
    clientSecretFile: z.string().min(1).optional().describe('File with the secret; without one the relay is a public client with PKCE'),
    label: z.string().min(1).max(40).default('Single sign-on').describe('What the button says'),
    scopes: z
      .array(z.string().regex(/^[\w:/.-]+$/))
      .default(['openid', 'email', 'profile'])
      .refine((scopes) => scopes.includes('openid'), 'must have openid')
      .describe('What the provider is asked for; some tell groups only with a scope of their own'),
    allowedDomains: z
      .array(z.string().regex(/^[^\s@]+\.[^\s@]+$/, 'must be a domain, such as example.com'))
      .min(1)
      .optional()
      .describe('Whose addresses are let in; default: whoever the provider lets in'),
    createPeople: z
      .strictObject({
        groupsClaim: z.string().min(1).default('groups').describe('Claim with the groups of somebody'),
        roles: z
          .array(
            z.strictObject({
              group: z.string().min(1),
              role: z.enum(['viewer', 'operator', 'admin']),
              tenant: z
                .string()
                .regex(/^ten_\w+$/, 'must be the id of a tenant')
                .optional()
                .describe('default: all tenants and the relay itself'),
            }),
          )
          .min(1),
      })
      .optional()
      .describe('Who has no account gets one, with the roles of the groups at that time; default: accounts are made by administrators'),
  })
  .optional()
  .describe('Sign-in through an identity provider, beside passwords');

/** With the secret, wherever it came from. */
export type OidcConfig = Omit<NonNullable<z.output<typeof oidcSchema>>, 'clientSecretFile'> & { clientSecret: string | undefined };

function isSafe(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}
