import { z } from 'zod';
import { endingsOf, type Ending } from '../endings.ts';
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
    const spanMs = settings.days * dayMs;
    const ends = await endingsOf({ store, tenantId, now, from: now - spanMs, until: now + spanMs, certificates });
    return ends.filter(({ lifeMs }) => lifeMs > 2 * dayMs).map((ending) => findingOf(ending, now));
  },
});

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
