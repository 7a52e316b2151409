import { z } from 'zod';
import { plain, type Finding } from '../finding.ts';
import { defineRule } from './rule.ts';

const dayMs = 86_400_000;

/** Certificates, API tokens and enrolment tokens that end soon. What a person gave a life of a day or less is not worth a word. */
export const expiry = defineRule({
  id: 'expiry',
  title: 'Something expires soon',
  settings: z.strictObject({ days: z.int().min(1).max(365).default(14).describe('How long before it is told') }),
  async find({ store, clock, tenantId, settings, certificates }) {
    const now = clock.now();
    const until = now + settings.days * dayMs;
    const tokens = await store.db
      .selectFrom('api_token')
      .select(['id', 'name', 'expires_at', 'created_at', 'last_used_at'])
      .where('tenant_id', '=', tenantId)
      .where('revoked_at', 'is', null)
      .where('expires_at', '<', until)
      .where('expires_at', '>', now - settings.days * dayMs)
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
    const ends: Ending[] = [
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
        link: '/agents',
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
    return ends.filter(({ lifeMs }) => lifeMs > 2 * dayMs).map((ending) => findingOf(ending, now));
  },
});

interface Ending {
  cause: string;
  what: string;
  at: number;
  /** From its making to its end. */
  lifeMs: number;
  example: string | null;
  fix: string;
  link: string;
}

function findingOf({ cause, what, at, example, fix, link }: Ending, now: number): Finding {
  const day = new Date(at).toISOString().slice(0, 10);
  return {
    cause,
    severity: at - now < 3 * dayMs ? 'critical' : 'warning',
    title: plain(at <= now ? `${what} has expired on ${day}` : `${what} expires on ${day}`),
    since: at,
    count: null,
    example,
    fix,
    link,
  };
}
