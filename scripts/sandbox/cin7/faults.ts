import type { LimitStyle } from './limits.ts';

export const faultKinds = [
  'loseNextAnswer',
  'dropBeforeCommit',
  'error500AfterCommit',
  'error500BeforeCommit',
  'slow',
  'wrongJson',
  'wrongShape',
  'htmlInstead',
  'limit',
  'redirectLoop',
  'forbidden',
  'ignoreFields',
  'roundOtherwise',
  'dropLastLine',
  'otherId',
  'emptyBlocks',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** One misbehaviour, for the next `times` calls that match. */
export interface Fault {
  kind: FaultKind;
  /** Default 1. */
  times?: number;
  /** Calls that match and pass before the first one misbehaves; default 0. */
  after?: number;
  /** Default: POST and PUT for the kinds that are about a commit, every method otherwise. */
  method?: string;
  /** Beginning of the path after the version, `/supplier`; default: every path. */
  path?: string;
  /** For `slow`. */
  ms?: number;
  /** For `limit`; default: the style in force. */
  style?: LimitStyle;
  /** For `ignoreFields`: body fields dropped silently before the write. */
  fields?: string[];
}

const aboutCommits: FaultKind[] = [
  'loseNextAnswer',
  'dropBeforeCommit',
  'error500AfterCommit',
  'error500BeforeCommit',
  'ignoreFields',
  'roundOtherwise',
  'dropLastLine',
];

/** Faults waiting for their call. */
export class FaultBox {
  private waiting: (Fault & { times: number; after: number })[] = [];
  readonly happened: Partial<Record<FaultKind, number>> = {};

  add(fault: Fault): void {
    if (!faultKinds.includes(fault.kind)) throw new Error(`there is no fault '${fault.kind as string}'; known: ${faultKinds.join(', ')}`);
    this.waiting.push({ ...fault, times: fault.times ?? 1, after: fault.after ?? 0 });
  }

  clear(): void {
    this.waiting = [];
  }

  pending(): readonly Fault[] {
    return this.waiting;
  }

  /** The first fault this call meets, used up by one. */
  take(method: string, path: string): Fault | undefined {
    const matching = this.waiting.filter((one) => matches(one, method, path));
    const fault = matching.find(({ after }) => after === 0);
    for (const one of matching) one.after = Math.max(0, one.after - 1);
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times <= 0) this.waiting = this.waiting.filter((one) => one !== fault);
    this.happened[fault.kind] = (this.happened[fault.kind] ?? 0) + 1;
    return fault;
  }
}

function matches(fault: Fault, method: string, path: string): boolean {
  if (fault.path !== undefined && !path.toLowerCase().startsWith(fault.path.toLowerCase())) return false;
  if (fault.method !== undefined) return fault.method.toUpperCase() === method;
  return !aboutCommits.includes(fault.kind) || method !== 'GET';
}
