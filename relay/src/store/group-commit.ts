export type Outcome<Result> = { ok: true; value: Result } | { ok: false; error: unknown };

/** Runs jobs in one transaction and answers one outcome per job; rejects when the transaction as a whole failed. */
export type CommitGroup<Job, Result> = (jobs: Job[]) => Promise<Outcome<Result>[]>;

/**
 * Lets many callers share one durable transaction: jobs handed in until the event loop brings no more, or while a transaction runs, go
 * together, in order. A caller's promise settles when its job is on disk.
 */
export function groupCommit<Job, Result>(commit: CommitGroup<Job, Result>, maxJobs = 500): GroupCommit<Job, Result> {
  let waiting: Waiting<Job, Result>[] = [];
  let running: Promise<void> | undefined;

  async function work(): Promise<void> {
    await untilNoneComes();
    while (waiting.length > 0) {
      const group = waiting.slice(0, maxJobs);
      waiting = waiting.slice(maxJobs);
      await settle(commit, group);
      // Those answered may have more to say.
      if (waiting.length > 0) await untilNoneComes();
    }
    running = undefined;
  }

  // A turn costs microseconds, a transaction of its own a write to the disk. Ends at a full group, whatever still comes.
  async function untilNoneComes(): Promise<void> {
    for (let before = -1; before < waiting.length && waiting.length < maxJobs;) {
      before = waiting.length;
      await nextTurn();
      if (before === waiting.length) await nextTurn();
    }
  }

  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        waiting.push({ job, resolve, reject });
        running ??= work();
      }),
    idle: async () => {
      for (let current = running; current; current = running) await current;
    },
  };
}

export interface GroupCommit<Job, Result> {
  run(job: Job): Promise<Result>;
  /** Resolves when nothing is waiting or running. */
  idle(): Promise<void>;
}

interface Waiting<Job, Result> {
  job: Job;
  resolve: (value: Result) => void;
  reject: (error: unknown) => void;
}

async function settle<Job, Result>(commit: CommitGroup<Job, Result>, group: Waiting<Job, Result>[]): Promise<void> {
  let outcomes: Outcome<Result>[];
  try {
    outcomes = await commit(group.map(({ job }) => job));
  } catch (error) {
    for (const { reject } of group) reject(error);
    return;
  }
  for (const [place, { resolve, reject }] of group.entries()) {
    const outcome = outcomes[place];
    if (outcome?.ok) resolve(outcome.value);
    else reject(outcome?.error);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
