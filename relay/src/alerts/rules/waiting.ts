import { z } from 'zod';
import { approvableReasons, type StateReason } from '../../ledger/index.ts';
import { newId } from '../../store/index.ts';
import { plain, type Finding } from '../finding.ts';
import { duration, flowNames, records } from './names.ts';
import { defineRule, type RuleInput } from './rule.ts';

const hourMs = 3_600_000;

/**
 * What is neither sent nor refused: records that wait for a person's approval, at once; those that wait for something else, or for their
 * turn, when it takes too long.
 */
export const waiting = defineRule({
  id: 'waiting',
  title: 'Records wait for an approval, or for too long',
  settings: z.strictObject({
    hours: z.int().min(1).max(10_000).default(26).describe('How long a record may wait for its turn where there is no posting schedule'),
    days: z.int().min(1).max(1000).default(8).describe('How long it may wait for its posting time, an open period or another document'),
  }),
  async find(input) {
    const { clock, settings } = input;
    const name = await flowNames(input, input.tenantId);
    const [toApprove, waits] = await waitingRecords(input, clock.now() - settings.days * 24 * hourMs);
    const pending = await pendingFlows(input);
    return [
      ...byFlow(toApprove).map(([cause, group]) => ({
        ...findingOf(input, cause, group),
        title: plain(`${records(group.length)} of ${name(...flowOf(group))} wait for an approval: ${group[0]?.reason?.message ?? ''}`),
        fix: 'Look at them, then approve or skip them.',
      })),
      ...byFlow(waits).map(([cause, group]) => ({
        ...findingOf(input, cause, group),
        title: plain(`${records(group.length)} of ${name(...flowOf(group))} wait for too long: ${group[0]?.reason?.message ?? ''}`),
        fix: plain(group[0]?.reason?.fix ?? 'The reason on the record says what it waits for. Skip it where it was entered by hand.'),
      })),
      ...pending.map(({ integration_id, flow_id, count, since }): Finding => {
        return {
          cause: `pending/${integration_id}/${flow_id}`,
          severity: 'warning',
          title: plain(
            `${records(count)} of ${name(integration_id, flow_id)} have waited for their turn (${duration(clock.now() - since)})`,
          ),
          since,
          count,
          example: null,
          fix: 'See whether the flow is paused, its connections work, its settings fit, and when it posts: schedule, freezes, blackouts.',
          link: `/records?state=pending&flowId=${encodeURIComponent(flow_id)}`,
        };
      }),
    ];
  },
});

interface Waiting {
  id: string;
  integration_id: string;
  flow_id: string;
  key: string;
  label: string;
  created_at: number;
  reason: StateReason | undefined;
}

const most = 20_000;

/** What waits for a person, and what else has waited since before that time; one reason for each. */
async function waitingRecords({ store, tenantId }: RuleInput<unknown>, before: number): Promise<[Waiting[], Waiting[]]> {
  const rows = await store.db
    .selectFrom('record')
    .select(['id', 'integration_id', 'flow_id', 'key', 'label', 'created_at', 'reason_json'])
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'waiting')
    .orderBy('id')
    .limit(most)
    .execute();
  const [toApprove, waits]: [Waiting[], Waiting[]] = [[], []];
  for (const { reason_json: json, ...row } of rows) {
    const reasons = json === null ? [] : (JSON.parse(json) as StateReason[]);
    const asked = reasons.find(({ code }) => approvableReasons.some((one) => one === code));
    // A closed day is opened again by the calendar; it needs nobody until then.
    const isForPerson = asked !== undefined && reasons.some(({ code }) => code === 'BUSINESS_AGE' || code === 'SKIPPED_BEFORE');
    if (isForPerson) toApprove.push({ ...row, reason: asked });
    else if (row.created_at <= before) waits.push({ ...row, reason: reasons[0] });
  }
  return [toApprove, waits];
}

function byFlow(waits: readonly Waiting[]): [string, Waiting[]][] {
  return [...Map.groupBy(waits, ({ integration_id, flow_id, reason }) => `${integration_id}/${flow_id}/${reason?.code ?? ''}`)];
}

function flowOf([first]: readonly Waiting[]): [string, string] {
  return [first?.integration_id ?? '', first?.flow_id ?? ''];
}

function findingOf({ clock }: RuleInput<unknown>, cause: string, group: readonly Waiting[]): Omit<Finding, 'title' | 'fix'> {
  const [first] = group;
  return {
    cause,
    severity: 'warning',
    since: Math.min(...group.map(({ created_at: at }) => at), clock.now()),
    count: group.length,
    example: first ? plain(`${first.key} ${first.label} (${first.id})`) : null,
    link: `/records?state=waiting&flowId=${encodeURIComponent(first?.flow_id ?? '')}&reason=${encodeURIComponent(first?.reason?.code ?? '')}`,
  };
}

/** Flows with records that were ready for too long, paused ones too: a pause that was forgotten is told by nothing else. */
async function pendingFlows({ store, clock, tenantId, settings }: RuleInput<{ hours: number; days: number }>) {
  const now = clock.now();
  const flows = await store.db
    .selectFrom('integration_flow')
    .select(['integration_id', 'flow_id', 'posting_json'])
    .where('tenant_id', '=', tenantId)
    .execute();
  const longest = new Map(
    flows.map(({ integration_id, flow_id, posting_json: posting }) => [
      `${integration_id}/${flow_id}`,
      posting !== null && posting.includes('"cron"') ? settings.days * 24 * hourMs : settings.hours * hourMs,
    ]),
  );
  const shortest = Math.min(...longest.values(), settings.days * 24 * hourMs);
  const rows = await store.db
    .selectFrom('record')
    .select(({ fn }) => ['integration_id', 'flow_id', fn.countAll<number | string>().as('count'), fn.min('changed_at').as('since')])
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'pending')
    // Ids tell when a record was made.
    .where('id', '<', newId('record', Math.max(0, now - shortest)).slice(0, 14))
    .where('changed_at', '<=', now - shortest)
    .groupBy(['integration_id', 'flow_id'])
    .execute();
  return rows.flatMap(({ integration_id, flow_id, count, since }) => {
    const isLate = now - since >= (longest.get(`${integration_id}/${flow_id}`) ?? shortest);
    return isLate ? [{ integration_id, flow_id, count: Number(count), since }] : [];
  });
}
