import { existsSync } from 'node:fs';
import type { Clock } from '@ml-connector/shared';
import { journalFile, openJournal, type UnitsStatus } from '../journal/index.ts';
import type { Check, CheckResult } from '../checks/index.ts';

export interface JournalCheckDeps {
  dataDir: string;
  clock: Clock;
  /** Of the running agent; undefined when none runs. */
  units: UnitsStatus | undefined;
}

/** The journal of units: can be written, and nothing in it waits for a person. A journal that does not exist yet is not made. */
export function journalCheck(deps: JournalCheckDeps): Check {
  return { name: 'journal', needs: ['data-dir'], run: async () => inspect(deps) };
}

function inspect({ dataDir, clock, units }: JournalCheckDeps): CheckResult {
  if (!existsSync(journalFile(dataDir))) return { result: 'ok', detail: 'no unit yet' };
  using journal = openJournal({ dataDir, clock });
  journal.probe();
  const { running = [], unwritten = 0 } = units ?? {};
  if (unwritten > 0)
    return {
      result: 'warning',
      detail: `${unwritten} outcomes are in memory only, because the journal could not be written`,
      fix: 'Do not stop the agent now; they are written within seconds once the disk takes them.',
    };
  const interrupted = journal.list({ onlyOpen: true, limit: 100 }).filter(({ unitId }) => !running.includes(unitId));
  if (interrupted.length === 0) return { result: 'ok', detail: `can be written; ${running.length} units under way, none interrupted` };
  const shown = interrupted.slice(0, 3).map(({ unitId, state, system }) => `${unitId} on ${system} (${state})`);
  return {
    result: 'warning',
    detail: `${interrupted.length} units were interrupted and are still open: ${shown.join(', ')}${interrupted.length > 3 ? ' ...' : ''}`,
    fix: 'The relay looks them up in SAP when it asks. For one that it does not ask for, look into SAP yourself, then `ml-agent journal close <unit>`.',
  };
}
