import { toSystemError, type SystemError } from '@ml-connector/shared';
import type { BlockReason, ExtractedRecord, PostInput } from '../flows/index.ts';
import { lastPosted, linkOf, ownerOf } from '../ledger/index.ts';
import type { CallScope } from '../systems/index.ts';
import type { Judged, Judging } from './judge-batch.ts';

/** Both sides, for asking the target whether it would take what was mapped. */
export interface TryingOut {
  judging: Judging;
  source: unknown;
  target: unknown;
  scope: CallScope;
}

/** Targets asked at once. */
const atOnce = 4;

/**
 * Has the target look at everything that would be created or updated, where the flow can ask it; what it would refuse is judged blocked.
 * Rejects when the target cannot be asked at all.
 */
export async function tryOut(
  trying: TryingOut,
  records: readonly ExtractedRecord<unknown>[],
  judged: readonly Judged[],
): Promise<readonly Judged[]> {
  const results = [...judged];
  const open = results.flatMap(({ item }, place) => (item.outcome === 'created' || item.outcome === 'updated' ? [place] : []));
  const work = async (): Promise<void> => {
    for (let place = open.shift(); place !== undefined; place = open.shift()) {
      const [one, record] = [results[place], records[place]];
      if (!one || !record || trying.scope.signal.aborted) return;
      const reasons = await ask(trying, record, one);
      if (reasons.length === 0) continue;
      const why = reasons.map(({ message }) => message).join('; ');
      results[place] = { ...one, item: { ...one.item, outcome: 'blocked', why }, reasons };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

async function ask(
  { judging, source, target, scope }: TryingOut,
  record: ExtractedRecord<unknown>,
  { item }: Judged,
): Promise<BlockReason[]> {
  const { store, ref, flow, mapping } = judging;
  const link = await linkOf(store, ref, record.key);
  const input: PostInput<unknown, unknown, unknown, unknown> = {
    record: { id: `try-${record.key}`, key: record.key, label: record.label, attempt: 1 },
    payload: record.payload,
    body: item.body,
    link: link && { targetId: link.target_id, targetHash: link.target_hash },
    settings: mapping.settings,
    source,
    target,
    scope,
    ownerOf: (targetId) => ownerOf(store, ref, targetId),
    async linkOf(of) {
      const { flowId, key } = typeof of === 'string' ? { flowId: ref.flowId, key: of } : of;
      const other = await linkOf(store, { ...ref, flowId }, key);
      return other && { targetId: other.target_id, targetLabel: other.target_label };
    },
    earlierErrors: () => Promise.resolve([]),
    sentVersions: () => Promise.resolve([]),
    lastPosted: () => lastPosted(store, ref, { key: record.key }),
  };
  try {
    return (await flow.tryOut?.(input)) ?? [];
  } catch (error) {
    const fault: SystemError = toSystemError(error, `trying out ${record.key}`);
    // What concerns this record is a finding; what concerns the connection ends the dry run.
    if (fault.verdict === 'refused') return [{ code: fault.code, message: fault.message }];
    throw fault;
  }
}
