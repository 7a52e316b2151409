import { z } from 'zod';
import type { StateReason } from '../../ledger/index.ts';
import { plain, type Finding } from '../finding.ts';
import { flowNames, records } from './names.ts';
import { defineRule, type RuleInput } from './rule.ts';

const pageSize = 1000;
/** Beyond that many blocked records the rest is not counted by cause; the numbers are then too small. */
const mostRecords = 20_000;

/** Records that need a person, one alert per cause: the same missing entry, the same refusal. */
export const blocked = defineRule({
  id: 'blocked',
  title: 'Records are blocked',
  settings: z.strictObject({
    atLeast: z.int().min(1).max(100_000).default(1).describe('Records of one cause before it is told'),
  }),
  async find(input) {
    const name = await flowNames(input, input.tenantId);
    const groups = new Map<string, Group>();
    for await (const record of blockedRecords(input)) add(groups, record);
    return [...groups.values()]
      .filter(({ count }) => count >= input.settings.atLeast)
      .map((group): Finding => {
        const { reason, integrationId, flowId, count, since, example, cause } = group;
        return {
          cause,
          severity: 'warning',
          title: plain(`${records(count)} of ${name(integrationId, flowId)} blocked: ${reason.message}`),
          since,
          count,
          example,
          fix: plain(reason.fix || fixOf(reason)),
          link: `/records?state=blocked&flowId=${encodeURIComponent(flowId)}&reason=${encodeURIComponent(reason.code)}`,
        };
      });
  },
});

interface Blocked {
  id: string;
  integration_id: string;
  flow_id: string;
  key: string;
  label: string;
  reason_json: string | null;
  changed_at: number;
}

interface Group {
  cause: string;
  integrationId: string;
  flowId: string;
  reason: StateReason;
  count: number;
  since: number;
  example: string;
}

function add(groups: Map<string, Group>, record: Blocked): void {
  const reasons = record.reason_json === null ? [] : (JSON.parse(record.reason_json) as StateReason[]);
  const reason = reasons[0] ?? { code: 'BLOCKED', message: 'no reason was written down' };
  const { integration_id: integrationId, flow_id: flowId, changed_at: at } = record;
  const cause = [integrationId, flowId, reason.code, reason.missing?.valueMapId ?? '', reason.missing?.code ?? ''].join('/');
  const group = groups.get(cause);
  if (group) {
    group.count++;
    group.since = Math.min(group.since, at);
    return;
  }
  const example = plain(`${record.key} ${record.label} (${record.id})`);
  groups.set(cause, { cause, integrationId, flowId, reason, count: 1, since: at, example });
}

function fixOf({ missing }: StateReason): string {
  if (missing) return `Add the entry ${missing.code} to the value map ${missing.valueMapId}; the records go out by themselves then.`;
  return 'Look at one of the records, correct what its reason names, and replay them.';
}

async function* blockedRecords({ store, tenantId }: RuleInput<unknown>): AsyncGenerator<Blocked> {
  let after = '';
  for (let seen = 0; seen < mostRecords; seen += pageSize) {
    const page = await store.db
      .selectFrom('record')
      .select(['id', 'integration_id', 'flow_id', 'key', 'label', 'reason_json', 'changed_at'])
      .where('tenant_id', '=', tenantId)
      .where('state', '=', 'blocked')
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageSize)
      .execute();
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last.id;
  }
}
