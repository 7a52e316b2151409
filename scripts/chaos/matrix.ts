import { countOf } from './deviations.ts';
import type { Experiment, Outcome } from './experiment.ts';

export interface Finished {
  experiment: Experiment;
  outcome: Outcome;
  /** Where the evidence of a failure is. */
  kept?: string;
}

export function hasFailed({ outcome }: Finished): boolean {
  return outcome.stuck !== undefined || countOf(outcome.deviations) > 0;
}

interface Row {
  runs: number;
  duplicates: number;
  losses: number;
  wrong: number;
  stuck: number;
  recoveries: number[];
}

/** Per flow: each step, each fault, and the cells that failed. */
export function printMatrix(finished: readonly Finished[], print: (line: string) => void): void {
  for (const [flowId, ofFlow] of Map.groupBy(finished, ({ experiment }) => experiment.flow.id)) {
    print(`\n${flowId}: step x fault, ${new Set(ofFlow.map(cellOf)).size} different cells`);
    table('step', ofFlow, ({ experiment }) => experiment.step.name, print);
    table('fault', ofFlow, ({ experiment }) => experiment.kind.name, print);
    const failed = ofFlow.filter(hasFailed);
    if (failed.length > 0) table('cells that failed', failed, cellOf, print);
  }
}

export function cellOf({ experiment: { step, kind } }: Finished): string {
  return `${step.name} x ${kind.name}`;
}

function table(title: string, finished: readonly Finished[], nameOf: (one: Finished) => string, print: (line: string) => void): void {
  const rows = new Map<string, Row>();
  for (const one of finished) for (const name of [nameOf(one), ...(title === 'step' ? ['all'] : [])]) count(rowOf(rows, name), one);
  const width = Math.max(...[...rows.keys(), title].map(({ length }) => length));
  print('');
  print(`${title.padEnd(width)}   runs  duplicates  losses  wrong  stuck  recovery median     max`);
  for (const [name, { runs, duplicates, losses, wrong, stuck, recoveries }] of [...rows].sort(lastIsAll)) {
    const sorted = recoveries.toSorted((a, b) => a - b);
    const cells = [pad(runs, 6), pad(duplicates, 11), pad(losses, 7), pad(wrong, 6), pad(stuck, 6)];
    print(
      `${name.padEnd(width)} ${cells.join(' ')} ${seconds(sorted[Math.floor(sorted.length / 2)]).padStart(16)} ${seconds(sorted.at(-1)).padStart(7)}`,
    );
  }
}

function lastIsAll([one]: [string, Row], [other]: [string, Row]): number {
  return Number(one === 'all') - Number(other === 'all');
}

function rowOf(rows: Map<string, Row>, name: string): Row {
  const row = rows.get(name) ?? { runs: 0, duplicates: 0, losses: 0, wrong: 0, stuck: 0, recoveries: [] };
  rows.set(name, row);
  return row;
}

function count(row: Row, { outcome: { deviations, stuck, recoveryMs } }: Finished): void {
  row.runs++;
  row.duplicates += deviations.duplicates.length;
  row.losses += deviations.losses.length;
  row.wrong += deviations.wrong.length;
  row.stuck += stuck === undefined ? 0 : 1;
  row.recoveries.push(recoveryMs);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width);
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s`;
}
