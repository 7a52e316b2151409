import { z } from 'zod';
import { plain, type Finding } from '../finding.ts';
import { duration } from './names.ts';
import { defineRule } from './rule.ts';

/** A site has enrolled agents, and none of them is connected. */
export const tunnelDown = defineRule({
  id: 'tunnel-down',
  title: 'No agent of a site is connected',
  settings: z.strictObject({ minutes: z.int().min(1).max(10_000).default(10).describe('How long a site may be without a tunnel') }),
  async find({ store, clock, sessions, startedAt, tenantId, settings }) {
    const agents = await store.db
      .selectFrom('agent')
      .innerJoin('site', 'site.id', 'agent.site_id')
      .select(['agent.id', 'agent.name', 'agent.site_id', 'agent.last_seen_at', 'agent.machine_json', 'site.name as site'])
      .where('agent.tenant_id', '=', tenantId)
      .where('agent.revoked_at', 'is', null)
      .where('agent.last_seen_at', 'is not', null)
      .execute();
    const connected = new Set(sessions().map(({ siteId }) => siteId));
    const now = clock.now();
    return [...Map.groupBy(agents, ({ site_id }) => site_id)].flatMap(([siteId, ofSite]): Finding[] => {
      if (connected.has(siteId)) return [];
      const since = Math.max(startedAt, ...ofSite.map(({ last_seen_at }) => last_seen_at ?? 0));
      if (now - since < settings.minutes * 60_000) return [];
      const machines = ofSite.map(({ name, machine_json }) => `${name} on ${String(JSON.parse(machine_json))}`).join(', ');
      return [
        {
          cause: siteId,
          severity: 'critical',
          title: plain(`no agent of site ${ofSite[0]?.site ?? siteId} is connected (${duration(now - since)})`),
          since,
          count: null,
          example: plain(machines),
          fix: 'Look whether the agent runs there (ml-agent status, ml-agent doctor) and whether its network lets it out. What waits goes out by itself.',
          link: '/agents',
        },
      ];
    });
  },
});
