import { loadMapping, storeCodes } from '../mapping/index.ts';
import type { Flow } from '../flows/index.ts';
import type { FlowRef } from '../ledger/index.ts';
import type { Store } from '../store/index.ts';
import type { CallScope } from '../systems/index.ts';
import type { Sessions } from './sessions.ts';

/** Reads the codes of both sides anew and stores them with the proposals, for the value maps' editor. Answers false where the flow has none. */
export async function refreshCodes(
  { store, sessions }: { store: Store; sessions: Sessions },
  { ref, flow, scope }: { ref: FlowRef; flow: Flow; scope: CallScope },
): Promise<boolean> {
  if (!flow.codes) return false;
  const { source_connection_id: sourceId, target_connection_id: targetId } = await store.db
    .selectFrom('integration')
    .select(['source_connection_id', 'target_connection_id'])
    .where('id', '=', ref.integrationId)
    .executeTakeFirstOrThrow();
  const { settings } = await loadMapping(store, ref, flow);
  const maps = await sessions.use(sourceId, (source) =>
    sessions.use(targetId, async (target) => flow.codes?.({ settings, source: source.session, target: target.session, scope })),
  );
  await storeCodes(store, ref.integrationId, maps ?? []);
  return true;
}
