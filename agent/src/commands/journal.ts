import { existsSync } from 'node:fs';
import { SystemError, systemClock } from '@ml-connector/shared';
import { askAgent } from '../control/index.ts';
import { interrupted, journalFile, openJournal, type JournalEntry, type UnitsStatus } from '../journal/index.ts';
import { openContext } from './context.ts';
import { exitCodes } from './failure.ts';
import type { CommandIo, GlobalOptions } from './io.ts';

export interface JournalOptions extends GlobalOptions {
  all?: boolean;
  unit?: string;
  lines: number;
  json?: boolean;
}

/** An entry as people see it: an open one is either under way in the running agent, or a crash left it. */
type ShownEntry = Omit<JournalEntry, 'state'> & { state: JournalEntry['state'] | 'running' | 'interrupted' };

/** Lists open entries, `--all` entries, or one; works beside the running agent and without. Exit code 1 when one of them is interrupted. */
export async function showJournal(options: JournalOptions, { stdout }: CommandIo): Promise<number> {
  const { dataDir } = openContext(options);
  const entries = existsSync(journalFile(dataDir)) ? await readEntries(dataDir, options) : [];
  if (options.unit !== undefined && entries.length === 0)
    throw new SystemError('NO_UNIT', 'refused', `the journal has no unit ${options.unit}`, {
      fix: 'Finished units are forgotten after 30 days; the audit log keeps them longer.',
    });
  stdout.write(options.json ? `${JSON.stringify(entries, undefined, 2)}\n` : describe(entries, options));
  return entries.some(({ state }) => state === 'interrupted') ? exitCodes.failure : 0;
}

/** Closes an interrupted entry after a person has looked into SAP; asked again, the unit stays uncertain and is never executed. */
export async function closeEntry(unitId: string, options: GlobalOptions, { stdout }: CommandIo): Promise<void> {
  const { dataDir } = openContext(options);
  if (!existsSync(journalFile(dataDir))) throw new SystemError('NO_UNIT', 'refused', `the journal has no unit ${unitId}`);
  const running = await runningUnits(dataDir);
  using journal = openJournal({ dataDir, clock: systemClock });
  const entry = journal.find(unitId);
  if (!entry) throw new SystemError('NO_UNIT', 'refused', `the journal has no unit ${unitId}`);
  if (entry.state === 'finished') throw new SystemError('UNIT_FINISHED', 'refused', `unit ${unitId} is finished (${entry.code ?? 'ok'})`);
  if (running.includes(unitId)) throw new SystemError('UNIT_RUNNING', 'refused', `unit ${unitId} is under way in the running agent`);
  journal.finish(unitId, interrupted(entry, systemClock.now()));
  stdout.write(`unit ${unitId} is closed; it stays uncertain, and the relay decides by what SAP holds\n`);
}

async function readEntries(dataDir: string, { all = false, unit, lines }: JournalOptions): Promise<ShownEntry[]> {
  // First, so that a unit that ends meanwhile is not taken for an interrupted one.
  const before = await runningUnits(dataDir);
  using journal = openJournal({ dataDir, clock: systemClock, isReadOnly: true });
  const one = unit === undefined ? undefined : journal.find(unit);
  const found = unit === undefined ? journal.list({ onlyOpen: !all, limit: lines }) : one ? [one] : [];
  const running = [...before, ...(found.some(({ state }) => state !== 'finished') ? await runningUnits(dataDir) : [])];
  return found.map((entry) => ({ ...entry, state: shownState(entry, running) }));
}

function shownState({ state, unitId }: JournalEntry, running: readonly string[]): ShownEntry['state'] {
  if (state === 'finished') return state;
  return running.includes(unitId) ? 'running' : 'interrupted';
}

async function runningUnits(dataDir: string): Promise<string[]> {
  const asked = await askAgent(dataDir, 'units');
  return asked ? (asked.answer as UnitsStatus).running : [];
}

function describe(entries: readonly ShownEntry[], { all, unit }: JournalOptions): string {
  if (entries.length === 0) return all ? 'the journal is empty\n' : 'no open units\n';
  const lines = entries.map((entry) => (unit === undefined ? line(entry) : details(entry)));
  const count = entries.filter(({ state }) => state === 'interrupted').length;
  const advice =
    count === 0
      ? ''
      : `\n${count} interrupted: the relay looks them up in SAP when it asks. Nothing is sent again by this agent. When you have looked yourself: ml-agent journal close <unit>\n`;
  return `${lines.join('\n')}\n${advice}`;
}

function line(entry: ShownEntry): string {
  const { unitId, state, system, functions, startedAt } = entry;
  return `${time(startedAt)}  ${state.padEnd(11)}  ${system}  ${unitId}  ${functions.join(', ')}${outcomeOf(entry)}`;
}

function outcomeOf({ state, ending, code, verdict, committingAt }: ShownEntry): string {
  if (state !== 'finished') return committingAt === undefined ? '  (before its commit)' : '  (in its commit)';
  return `  ${ending ?? ''}${code ? ` ${code} (${verdict})` : ''}`;
}

function details(entry: ShownEntry): string {
  const { unitId, recordId, runId, callId, notAfter, committingAt, finishedAt, outcome } = entry;
  const rows: [string, string | undefined][] = [
    ['unit', unitId],
    ['record', recordId],
    ['run', runId],
    ['call', callId],
    ['not after', time(notAfter)],
    ['committing', committingAt === undefined ? undefined : time(committingAt)],
    ['finished', finishedAt === undefined ? undefined : time(finishedAt)],
    ['message', outcome && 'error' in outcome ? outcome.error.message : undefined],
  ];
  const shown = rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(10)}  ${value}`]));
  return [line(entry), ...shown].join('\n');
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
