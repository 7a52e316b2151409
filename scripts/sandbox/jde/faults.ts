export const faultKinds = [
  'dropConnection',
  'cutMidBody',
  'slow',
  'error500',
  'error503',
  'invalidToken',
  'forbidden',
  'htmlInstead',
  'wrongJson',
  'emptyRows',
  'errorInside200',
  'sysErrorInside200',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** One misbehaviour, for the next `times` calls that match. */
export interface Fault {
  kind: FaultKind;
  /** Default 1. */
  times?: number;
  /** Calls that match and pass before the first one misbehaves; default 0. */
  after?: number;
  /** Default: every method. */
  method?: string;
  /** Beginning of the path without the version, `/dataservice`; default: every path. */
  path?: string;
  /** Only data requests for this table: `F4311`. */
  table?: string;
  /** For `slow`. */
  ms?: number;
}

interface Call {
  method: string;
  path: string;
  table: string | undefined;
}

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
  take(call: Call): Fault | undefined {
    const matching = this.waiting.filter((one) => matches(one, call));
    const fault = matching.find(({ after }) => after === 0);
    for (const one of matching) one.after = Math.max(0, one.after - 1);
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times <= 0) this.waiting = this.waiting.filter((one) => one !== fault);
    this.happened[fault.kind] = (this.happened[fault.kind] ?? 0) + 1;
    return fault;
  }
}

function matches(fault: Fault, { method, path, table }: Call): boolean {
  if (fault.path !== undefined && !path.startsWith(fault.path)) return false;
  if (fault.table !== undefined && fault.table !== table) return false;
  return fault.method === undefined || fault.method.toUpperCase() === method;
}
