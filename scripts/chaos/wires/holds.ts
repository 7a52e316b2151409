export type Phase = 'before' | 'after';

export interface HoldRequest<Call> {
  /** Before the other side sees the call, or after it has answered and before the answer leaves. */
  phase: Phase;
  matches: (call: Call) => boolean;
  /** The how manyth matching call; default 1. */
  nth?: number;
}

/** A call that waits in a wire until somebody decides. Only the first decision counts. */
export interface Held<Answer = never, Call = unknown> {
  /** Resolves when the call has come; never, when none comes. */
  readonly reached: Promise<void>;
  readonly phase: Phase;
  readonly isReached: boolean;
  /** The call that waits, once it has come. */
  readonly call: Call | undefined;
  /** Lets it go on as if nothing had been; also before it has come. */
  release(): void;
  /** Breaks its connection without an answer. */
  lose(): void;
  /** Answers in the other side's place. */
  answer(answer: Answer): void;
}

export type Decision<Answer> = { kind: 'pass' } | { kind: 'lose' } | { kind: 'answer'; answer: Answer };

interface Armed<Call, Answer> extends HoldRequest<Call> {
  nth: number;
  met(call: Call): Promise<Decision<Answer>>;
}

/** The calls of one wire that are to be held. */
export class Holds<Call, Answer> {
  #armed: Armed<Call, Answer>[] = [];
  readonly #open = new Set<Held<Answer, Call>>();

  arm(request: HoldRequest<Call>): Held<Answer, Call> {
    const { phase } = request;
    const [reached, decided] = [Promise.withResolvers<void>(), Promise.withResolvers<Decision<Answer>>()];
    let met: Call | undefined;
    const decide = (decision: Decision<Answer>): void => {
      this.#armed = this.#armed.filter((one) => one !== armed);
      this.#open.delete(held);
      decided.resolve(decision);
    };
    const held: Held<Answer, Call> = {
      reached: reached.promise,
      phase,
      get isReached() {
        return met !== undefined;
      },
      get call() {
        return met;
      },
      release: () => decide({ kind: 'pass' }),
      lose: () => decide({ kind: 'lose' }),
      answer: (answer) => decide({ kind: 'answer', answer }),
    };
    const armed: Armed<Call, Answer> = {
      nth: 1,
      ...request,
      met: (call) => {
        this.#armed = this.#armed.filter((one) => one !== armed);
        met = call;
        reached.resolve();
        return decided.promise;
      },
    };
    this.#armed.push(armed);
    this.#open.add(held);
    return held;
  }

  /** Each of the next `times` calls is held and handed to `fault`, which must decide. */
  armNext(times: number, fault: (held: Held<Answer, Call>) => void, phase: Phase): void {
    for (let one = 0; one < times; one++) {
      const held = this.arm({ phase, matches: () => true });
      void held.reached.then(() => fault(held));
    }
  }

  /** What is to become of a call that is at this point now. */
  async meet(phase: Phase, call: Call): Promise<Decision<Answer>> {
    for (const one of this.#armed) {
      if (one.phase !== phase || !one.matches(call)) continue;
      one.nth--;
      if (one.nth <= 0) return one.met(call);
    }
    return { kind: 'pass' };
  }

  releaseAll(): void {
    for (const held of this.#open) held.release();
  }
}
