import type { Store } from '../store/index.ts';

export interface Endings {
  store: Store;
  tenantId: string;
  now: number;
  /** API tokens that ended before are left out. */
  from: number;
  until: number;
  /** Certificates of the relay itself. */
  certificates: readonly { name: string; expiresAt: number; fix: string }[];
}

/** Something with an end that is known, `at` milliseconds since 1970. */
export interface Ending {
  cause: string;
  what: string;
  at: number;
  /** From its making to its end. */
  lifeMs: number;
  example: string | null;
  fix: string;
  link: string;
}

/** Certificates, API tokens and unused enrolment tokens of a tenant that end in a span of time. */
export async function endingsOf({ store, tenantId, now, from, until, certificates }: Endings): Promise<Ending[]> {
  const tokens = await store.db
    .selectFrom('api_token')
    .select(['id', 'name', 'expires_at', 'created_at', 'last_used_at'])
    .where('tenant_id', '=', tenantId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '<', until)
    .where('expires_at', '>', from)
    .execute();
  const enrollTokens = await store.db
    .selectFrom('enroll_token')
    .innerJoin('site', 'site.id', 'enroll_token.site_id')
    .select(['enroll_token.id', 'enroll_token.expires_at', 'enroll_token.created_at', 'site.name'])
    .where('enroll_token.tenant_id', '=', tenantId)
    .where('enroll_token.used_at', 'is', null)
    .where('enroll_token.expires_at', '<', until)
    .where('enroll_token.expires_at', '>', now)
    .execute();
  const agents = await store.db
    .selectFrom('agent')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('revoked_at', 'is', null)
    .limit(1)
    .execute();
  return [
    ...tokens.map(({ id, name, expires_at, created_at, last_used_at }) => ({
      cause: id,
      what: `API token ${name}`,
      at: expires_at ?? 0,
      lifeMs: (expires_at ?? 0) - created_at,
      example: last_used_at === null ? 'was never used' : `was last used ${new Date(last_used_at).toISOString()}`,
      fix: 'Make a new token, give it to whoever uses this one, and revoke this one.',
      link: '/settings/api-tokens',
    })),
    ...enrollTokens.map(({ id, expires_at, created_at, name }) => ({
      cause: id,
      what: `the unused enrolment token of site ${name}`,
      at: expires_at,
      lifeMs: expires_at - created_at,
      example: null,
      fix: 'Enrol the agent, or make a new token when it is to be enrolled.',
      link: '/tunnels',
    })),
    ...(agents.length > 0 ? certificates : []).flatMap(({ name, expiresAt, fix }) =>
      expiresAt < until
        ? [
            {
              cause: `certificate ${name}`,
              what: `the certificate of ${name}`,
              at: expiresAt,
              lifeMs: Infinity,
              example: null,
              fix: `${fix} Agents cannot connect once it has expired.`,
              link: '/settings',
            },
          ]
        : [],
    ),
  ];
}
