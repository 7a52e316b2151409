import { failure, ok, type Answer } from './answers.ts';
import type { Fault } from './faults.ts';
import { limitStyles, type LimitSettings } from './limits.ts';
import type { SimParts } from './server.ts';
import { save, type JournalRow } from './state.ts';

const referenceTables = ['accounts', 'paymentTerms', 'taxRules', 'attributeSets', 'currencies'] as const;

/**
 * What tests and the demo steer a separate process with; no credentials, no limit. JSON both ways:
 * GET snapshot | calls; POST faults | limits | reference | journals; DELETE faults | limits (forgets the calls of this minute) | calls.
 */
export function answerControl(parts: SimParts, method: string, path: string, text: string): Answer {
  const what = `${method} ${path.replace(/^\/__control\/?/, '')}`;
  try {
    switch (what) {
      case 'GET snapshot':
        return ok({ ...parts.state, suppliers: [...parts.state.suppliers.values()], journals: [...parts.state.journals.values()] });
      case 'GET calls':
        return ok({
          calls: parts.calls,
          limitRefused: parts.limit.refused,
          faults: parts.faults.happened,
          waiting: parts.faults.pending(),
        });
      case 'POST faults':
        parts.faults.add(JSON.parse(text) as Fault);
        return ok({});
      case 'DELETE faults':
        parts.faults.clear();
        return ok({});
      case 'POST limits':
        return setLimits(parts, JSON.parse(text) as Partial<LimitSettings>);
      case 'DELETE limits':
        parts.limit.reset();
        return ok({});
      case 'DELETE calls':
        for (const name of Object.keys(parts.calls)) delete parts.calls[name];
        return ok({});
      case 'POST journals':
        return changeJournal(parts, JSON.parse(text) as Partial<JournalRow>);
      case 'POST reference':
        return setReference(parts, JSON.parse(text) as Record<string, unknown>);
      default:
        return failure(404, `There is no control call '${what}'`);
    }
  } catch (error) {
    return failure(400, String(error));
  }
}

function setLimits({ limit }: SimParts, sent: Partial<LimitSettings>): Answer {
  if (sent.style !== undefined && !limitStyles.includes(sent.style)) return failure(400, `Styles: ${limitStyles.join(', ')}`);
  Object.assign(limit.settings, sent);
  return ok(limit.settings);
}

/** As a person does in the application's own pages, which know no rules of the API. */
function changeJournal({ state, stateFile }: SimParts, change: Partial<JournalRow>): Answer {
  const current = state.journals.get((change.TaskID ?? '').toLowerCase());
  if (!current) return failure(404, `There is no journal ${change.TaskID ?? ''}`);
  save(state, stateFile, { journal: { ...current, ...change, TaskID: current.TaskID } });
  return ok({});
}

/** Replaces whole tables: `{"paymentTerms": [...]}`; of `me` only the fields given. */
function setReference({ state }: SimParts, sent: Record<string, unknown>): Answer {
  for (const table of referenceTables) {
    const rows = sent[table];
    if (Array.isArray(rows)) Object.assign(state, { [table]: rows });
  }
  if (typeof sent['me'] === 'object') Object.assign(state.me, sent['me']);
  return ok({});
}
