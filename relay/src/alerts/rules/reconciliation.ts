import { z } from 'zod';
import { plain, type Finding } from '../finding.ts';
import { flowNames } from './names.ts';
import { defineRule } from './rule.ts';

/** The newest reconciliation of a flow found that source, ledger and target do not hold the same. */
export const reconciliation = defineRule({
  id: 'reconciliation',
  title: 'Source and target differ',
  settings: z.strictObject({ atLeast: z.int().min(1).max(100_000).default(1).describe('Differences before it is told') }),
  async find(input) {
    const { store, tenantId, settings } = input;
    const flows = await store.db
      .selectFrom('integration_flow')
      .select(['integration_id', 'flow_id'])
      .where('tenant_id', '=', tenantId)
      .execute();
    const name = await flowNames(input, tenantId);
    const findings: Finding[] = [];
    for (const { integration_id, flow_id } of flows) {
      const newest = await store.db
        .selectFrom('reconciliation')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('integration_id', '=', integration_id)
        .where('flow_id', '=', flow_id)
        .where('state', '=', 'succeeded')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (!newest || newest.difference_count < settings.atLeast) continue;
      const first = await store.db
        .selectFrom('reconciliation_difference')
        .select(['key', 'code', 'message'])
        .where('reconciliation_id', '=', newest.id)
        .orderBy('number')
        .limit(1)
        .executeTakeFirst();
      const days = `${newest.first_day} to ${newest.last_day}`;
      findings.push({
        cause: `${integration_id}/${flow_id}`,
        severity: 'critical',
        title: plain(`${name(integration_id, flow_id)}: ${newest.difference_count} differences between source and target, ${days}`),
        since: newest.ended_at ?? newest.requested_at,
        count: newest.difference_count,
        example: first ? plain(`${first.key}: ${first.message} (${first.code})`) : null,
        fix: 'Look at the differences document by document, correct what is wrong on either side, and reconcile again.',
        link: `/reconciliations/${newest.id}`,
      });
    }
    return findings;
  },
});
