import type { WireError } from '@ml-connector/shared';
import { z } from 'zod';
import type { ReconciliationRow } from '../../store/index.ts';
import { plain, type Finding } from '../finding.ts';
import { duration, flowNames } from './names.ts';
import { defineRule, type RuleInput } from './rule.ts';

const hourMs = 3_600_000;

/** Source, ledger and target do not hold the same, or nobody can say, since the comparison keeps failing. */
export const reconciliation = defineRule({
  id: 'reconciliation',
  title: 'Source and target differ',
  settings: z.strictObject({
    atLeast: z.int().min(1).max(100_000).default(1).describe('Differences before it is told'),
    failingHours: z.int().min(1).max(1000).default(26).describe('How long comparisons may fail before it is told'),
  }),
  async find(input) {
    const { store, tenantId, settings } = input;
    const flows = await store.db
      .selectFrom('integration_flow')
      .select(['integration_id', 'flow_id'])
      .where('tenant_id', '=', tenantId)
      .execute();
    const name = await flowNames(input, tenantId);
    const findings: Finding[] = [];
    for (const flow of flows) {
      const cause = `${flow.integration_id}/${flow.flow_id}`;
      const title = name(flow.integration_id, flow.flow_id);
      const ended = await newestOf(input, flow);
      const failing = failingSince(ended);
      if (failing && input.clock.now() - failing.since >= settings.failingHours * hourMs)
        findings.push({ cause: `failing ${cause}`, ...failureOf(input, { title, ...failing }) });
      for (const [place, one] of telling(ended).entries())
        if (one.difference_count >= settings.atLeast)
          findings.push({
            cause: place === 0 ? cause : `${cause} ${one.first_day} ${one.last_day}`,
            ...(await differing(input, title, one)),
          });
    }
    return findings;
  },
});

/** The newest ones that ended, newest first. */
function newestOf(
  { store, tenantId }: RuleInput<unknown>,
  { integration_id, flow_id }: { integration_id: string; flow_id: string },
): Promise<ReconciliationRow[]> {
  return store.db
    .selectFrom('reconciliation')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('integration_id', '=', integration_id)
    .where('flow_id', '=', flow_id)
    .where('state', 'in', ['succeeded', 'failed'])
    .orderBy('id', 'desc')
    .limit(mostLookedAt)
    .execute();
}

const mostLookedAt = 50;

/**
 * Those whose result stands: the newest one by plan, and what people asked for since. One that looks at fewer days says nothing about the
 * others; a later one over the same days or more takes its place.
 */
function telling(ended: readonly ReconciliationRow[]): ReconciliationRow[] {
  const done = ended.filter(({ state }) => state === 'succeeded');
  const planned = done.findIndex(({ trigger }) => trigger === 'schedule');
  const standing: ReconciliationRow[] = [];
  for (const one of planned < 0 ? done : done.slice(0, planned + 1))
    if (!standing.some(({ first_day, last_day }) => first_day <= one.first_day && last_day >= one.last_day)) standing.push(one);
  return standing.toReversed();
}

interface Failing {
  newest: ReconciliationRow;
  since: number;
}

/** Since the first of those that failed in a row. */
function failingSince(ended: readonly ReconciliationRow[]): Failing | undefined {
  const good = ended.findIndex(({ state }) => state === 'succeeded');
  const failed = good < 0 ? ended : ended.slice(0, good);
  const [newest, first] = [failed[0], failed.at(-1)];
  return newest && first && { newest, since: first.ended_at ?? first.requested_at };
}

function failureOf({ clock }: RuleInput<unknown>, { title, newest, since }: Failing & { title: string }): Omit<Finding, 'cause'> {
  const error = newest.error_json === null ? undefined : (JSON.parse(newest.error_json) as WireError);
  return {
    severity: 'critical',
    title: plain(`${title} could not be compared for ${duration(clock.now() - since)}: ${error?.message ?? 'no reason was written down'}`),
    since,
    count: null,
    example: error?.code ?? null,
    fix: plain(error?.fix ?? 'Look at the newest comparison; until one ends well nobody knows whether both sides hold the same.'),
    link: `/reconciliations/${newest.id}`,
  };
}

async function differing({ store }: RuleInput<unknown>, title: string, one: ReconciliationRow): Promise<Omit<Finding, 'cause'>> {
  const first = await store.db
    .selectFrom('reconciliation_difference')
    .select(['key', 'code', 'message'])
    .where('reconciliation_id', '=', one.id)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
  const days = `${one.first_day} to ${one.last_day}`;
  return {
    severity: 'critical',
    title: plain(`${title}: ${one.difference_count} differences between source and target, ${days}`),
    since: one.ended_at ?? one.requested_at,
    count: one.difference_count,
    example: first ? plain(`${first.key}: ${first.message} (${first.code})`) : null,
    fix: 'Look at the differences document by document, correct what is wrong on either side, and reconcile again.',
    link: `/reconciliations/${one.id}`,
  };
}
