/**
 * Misbehaviour on request. A fault with `times` is used up after so many hits; `skip` lets so many calls pass first;
 * without `function` every function module is meant.
 */
export type Fault =
  /** The connection breaks: before the call has any effect, or after it took effect and before its answer left. */
  | ({ kind: 'cut'; when: 'before' | 'after' } & Aim)
  /** The function ends in a short dump. */
  | ({ kind: 'dump'; key: string; message: string } & Aim)
  /** The call takes longer; `after`: it has taken effect, and its answer comes late. */
  | ({ kind: 'slow'; ms: number; when?: 'before' | 'after' } & Aim)
  /** The update task of a commit stops (SM13): nothing is changed, and RETURN says E. */
  | ({ kind: 'update-stopped' } & Aim)
  /** Posting periods are closed for this posting, check or reversal (F5 201). */
  | ({ kind: 'period-closed' } & Aim)
  /** Somebody works on the customer's or vendor's account: the posting is refused with F2 042 and his name. */
  | ({ kind: 'customer-locked'; account?: string; by?: string } & Aim)
  /** The posting finds no number any more (F5 150, NR 751). */
  | ({ kind: 'number-range-exhausted' } & Aim)
  /** Rows that should not be there are added to what a table read returns: raw texts as they would stand in WA. */
  | { kind: 'extra-rows'; table: string; lines: string[]; times?: number }
  /** More calls than this at once are answered with SYSTEM_FAILURE. */
  | { kind: 'busy'; above: number }
  /** Nobody can log on. */
  | { kind: 'no-logon'; message: string; times?: number };

interface Aim {
  function?: string;
  times?: number;
  skip?: number;
}

export type FaultKind = Fault['kind'];
type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

export const faultKinds = [
  'cut',
  'dump',
  'slow',
  'update-stopped',
  'period-closed',
  'customer-locked',
  'number-range-exhausted',
  'extra-rows',
  'busy',
  'no-logon',
] as const satisfies readonly FaultKind[];

export class Faults {
  private active: Fault[] = [];

  add(fault: Fault): void {
    if (!faultKinds.includes(fault.kind)) throw new Error(`there is no fault ${fault.kind}; there are ${faultKinds.join(', ')}`);
    this.active.push({ ...fault });
  }

  clear(): void {
    this.active = [];
  }

  list(): readonly Fault[] {
    return this.active;
  }

  /** The first fault of this kind that hits, counted as a hit. */
  hit<Kind extends FaultKind>(kind: Kind, matches: (fault: FaultOf<Kind>) => boolean = () => true): FaultOf<Kind> | undefined {
    for (const fault of this.active) {
      if (fault.kind !== kind || !matches(fault as FaultOf<Kind>)) continue;
      if ('skip' in fault && fault.skip !== undefined && fault.skip > 0) {
        fault.skip--;
        continue;
      }
      this.countDown(fault);
      return fault as FaultOf<Kind>;
    }
    return undefined;
  }

  /** The same for faults aimed at functions. */
  hitCall<Kind extends 'cut' | 'dump' | 'slow' | 'period-closed' | 'customer-locked' | 'number-range-exhausted'>(
    kind: Kind,
    functionName: string,
    matches: (fault: FaultOf<Kind>) => boolean = () => true,
  ): FaultOf<Kind> | undefined {
    const isAimed = ({ function: aim }: Aim): boolean => aim === undefined || aim === functionName;
    return this.hit(kind, (fault) => isAimed(fault as Aim) && matches(fault));
  }

  private countDown(fault: Fault): void {
    if (!('times' in fault) || fault.times === undefined) return;
    fault.times--;
    if (fault.times <= 0) this.active = this.active.filter((one) => one !== fault);
  }
}
