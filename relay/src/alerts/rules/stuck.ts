import { z } from 'zod';
import { plain, type Finding } from '../finding.ts';
import { duration, flowNames, records } from './names.ts';
import { defineRule, type RuleInput } from './rule.ts';

/** Nobody knows whether they were applied, for too long: the target cannot say. */
export const uncertain = defineRule({
  id: 'uncertain',
  title: 'Records stay uncertain',
  settings: z.strictObject({ minutes: z.int().min(1).max(100_000).default(30).describe('How long a record may be uncertain') }),
  async find(input) {
    const before = input.clock.now() - input.settings.minutes * 60_000;
    return stuck(input, ['uncertain'], before, (name, count) => ({
      severity: 'critical',
      title: `${records(count)} of ${name}: nobody knows whether the target applied them`,
      fix: 'Look whether the target system answers; the evidence is on the record. Nothing is sent again until the target has said what it holds.',
    }));
  },
});

/** Tried again and again without success. */
export const backlog = defineRule({
  id: 'backlog',
  title: 'Records are tried again for too long',
  settings: z.strictObject({ minutes: z.int().min(1).max(100_000).default(120).describe('How old the oldest record may become') }),
  async find(input) {
    const before = input.clock.now() - input.settings.minutes * 60_000;
    return stuck(input, ['failed'], before, (name, count) => ({
      severity: 'warning',
      title: `${records(count)} of ${name} could not be sent yet`,
      fix: 'The reason on the record says what the target answers. They go out by themselves once it works; nothing has to be sent again.',
    }));
  },
});

type Words = (name: string, count: number) => Pick<Finding, 'severity' | 'title' | 'fix'>;

const most = 5000;

async function stuck(input: RuleInput<unknown>, states: string[], before: number, words: Words): Promise<Finding[]> {
  const { store, clock, tenantId } = input;
  const rows = await store.db
    .selectFrom('record')
    .select(['id', 'integration_id', 'flow_id', 'key', 'label', 'state'])
    // `changed_at` moves with every look at the target; the first attempt tells since when.
    .select((record) =>
      record
        .selectFrom('attempt')
        .select(({ fn }) => fn.min('attempt.started_at').as('at'))
        .whereRef('attempt.record_id', '=', 'record.id')
        .as('first_at'),
    )
    .where('tenant_id', '=', tenantId)
    .where('state', 'in', states)
    .orderBy('id')
    .limit(most)
    .execute();
  const old = rows.filter(({ first_at }) => first_at !== null && first_at <= before);
  const name = await flowNames(input, tenantId);
  return [...Map.groupBy(old, (row) => `${row.integration_id}/${row.flow_id}`)].map(([cause, group]): Finding => {
    const [first] = group as [(typeof group)[number]];
    const since = Math.min(...group.map(({ first_at }) => first_at ?? Infinity));
    const { title, ...rest } = words(name(first.integration_id, first.flow_id), group.length);
    return {
      ...rest,
      cause,
      title: plain(`${title} (${duration(clock.now() - since)})`),
      since,
      count: group.length,
      example: plain(`${first.key} ${first.label} (${first.id})`),
      link: `/records?state=${first.state}&flowId=${encodeURIComponent(first.flow_id)}`,
    };
  });
}
