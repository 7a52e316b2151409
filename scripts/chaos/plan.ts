import { Random } from '../sandbox/sap/seed/random.ts';
import type { Experiment } from './experiment.ts';
import { faultKinds, type FaultKind } from './faults.ts';
import type { ChaosFlow } from './flows/flow.ts';

export interface PlanRequest {
  seed: number;
  /** How many experiments. */
  count: number;
  flows: readonly ChaosFlow[];
  /** Only those; part of a name is enough. */
  flow?: string | undefined;
  step?: string | undefined;
  fault?: string | undefined;
}

/** Every cell of the matrix in an order that the seed shuffles, again and again until there are enough. */
export function plan({ seed, count, flows, flow, step, fault }: PlanRequest): Experiment[] {
  const cells = flows
    .filter(({ id }) => isMeant(id, flow))
    .flatMap((flow) =>
      flow.steps.filter(({ name }) => isMeant(name, step)).flatMap((step) => faultsOf(flow, fault).map((kind) => ({ flow, step, kind }))),
    );
  if (cells.length === 0) return [];
  const random = new Random(seed);
  const planned: Experiment[] = [];
  while (planned.length < count) {
    for (const cell of shuffled(cells, random).slice(0, count - planned.length))
      planned.push({ ...cell, seed, number: planned.length + 1 });
  }
  return planned;
}

function faultsOf({ erp = 'sap' }: ChaosFlow, wanted: string | undefined): FaultKind[] {
  return faultKinds.filter((kind) => (kind.erp ?? erp) === erp && isMeant(kind.name, wanted));
}

function isMeant(name: string, wanted: string | undefined): boolean {
  return wanted === undefined || name.toLowerCase().includes(wanted.toLowerCase());
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const list = [...items];
  for (let last = list.length - 1; last > 0; last--) {
    const other = random.between(0, last);
    [list[last], list[other]] = [list[other] as Item, list[last] as Item];
  }
  return list;
}
