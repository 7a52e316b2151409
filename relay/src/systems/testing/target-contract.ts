import type { CallScope } from '../system.ts';
import { testScope } from './scope.ts';

/** One kind of object of a target system, with the simulator behind it. */
export interface TargetUnderTest<Body> extends AsyncDisposable {
  /** A body the target accepts, the same one each time. */
  sample: Body;
  /** The same object with something changed, at best with an entry added to a nested list. */
  changedSample: Body;
  /** A body the target refuses because of its content. */
  refusedSample: Body;
  /** Answers the new object's id. */
  create(body: Body, scope: CallScope): Promise<string>;
  /** Ids of the objects that may be this one: how an uncertain create is looked up. */
  find(body: Body, scope: CallScope): Promise<string[]>;
  update(id: string, body: Body, scope: CallScope): Promise<{ changed: string[] }>;
  simulator: {
    loseNextAnswer(): void;
    dropNextCall(): void;
    failAfterCommit(): void;
    failBeforeCommit(times: number): void;
    spoilNextAnswer(): void;
    refuseCredentials(): void;
    /** The next calls are refused for the limit, in each form the target has, twice. */
    reachLimit(): void;
    /** What the target holds, in a form that shows doubled entries. */
    records(): unknown[];
    /** Writes the target was asked for. */
    writes(): number;
  };
}

/** What the engine relies on, whatever the target: no object twice, none lost, and a verdict that says what may be done. */
export function targetContract<Body>(name: string, open: () => Promise<TargetUnderTest<Body>>): void {
  describe(`${name} as a target`, () => {
    const lostAnswers: [string, (simulator: TargetUnderTest<Body>['simulator']) => void][] = [
      ['an answer lost after the write', (simulator) => simulator.loseNextAnswer()],
      ['a server fault after the write', (simulator) => simulator.failAfterCommit()],
      ['an answer cut in half', (simulator) => simulator.spoilNextAnswer()],
    ];
    test.each(lostAnswers)('%s is looked up, not sent again', async (_what, misbehave) => {
      await using target = await open();
      const scope = testScope();
      misbehave(target.simulator);
      await expect(target.create(target.sample, scope)).rejects.toMatchObject({ verdict: 'uncertain' });
      expect(target.simulator.writes()).toBe(1);
      expect(await target.find(target.sample, scope)).toHaveLength(1);
      expect(target.simulator.records()).toHaveLength(1);
    });

    test('a create that was never carried out is uncertain too, and looking it up finds nothing', async () => {
      await using target = await open();
      const scope = testScope();
      target.simulator.dropNextCall();
      await expect(target.create(target.sample, scope)).rejects.toMatchObject({ verdict: 'uncertain' });
      expect(await target.find(target.sample, scope)).toEqual([]);
      const id = await target.create(target.sample, scope);
      expect(await target.find(target.sample, scope)).toEqual([id]);
    });

    test('calls above the limit wait and go through, creates too, once', async () => {
      await using target = await open();
      target.simulator.reachLimit();
      await target.create(target.sample, testScope());
      expect(target.simulator.records()).toHaveLength(1);
    });

    test.each(lostAnswers)('%s of an update leaves exactly what was wanted', async (_what, misbehave) => {
      await using target = await open();
      const scope = testScope();
      const id = await target.create(target.sample, scope);
      await target.update(id, target.changedSample, scope);
      const wanted = withoutIds(target.simulator.records());

      await using second = await open();
      const secondId = await second.create(second.sample, scope);
      misbehave(second.simulator);
      expect((await second.update(secondId, second.changedSample, scope)).changed).not.toEqual([]);
      expect(withoutIds(second.simulator.records())).toEqual(wanted);
    });

    test('server faults before an update has an effect pass by themselves', async () => {
      await using target = await open();
      const scope = testScope();
      const id = await target.create(target.sample, scope);
      target.simulator.failBeforeCommit(2);
      await target.update(id, target.changedSample, scope);
      expect(await target.update(id, target.changedSample, scope)).toMatchObject({ changed: [] });
    });

    test('an update to what is there already sends nothing', async () => {
      await using target = await open();
      const scope = testScope();
      const id = await target.create(target.sample, scope);
      const writes = target.simulator.writes();
      expect(await target.update(id, target.sample, scope)).toMatchObject({ changed: [] });
      expect(target.simulator.writes()).toBe(writes);
    });

    test('what the target refuses is not applied, and says what to do', async () => {
      await using target = await open();
      await expect(target.create(target.refusedSample, testScope())).rejects.toMatchObject({
        verdict: 'refused',
        fix: expect.any(String),
      });
      expect(target.simulator.records()).toEqual([]);
    });

    test('refused credentials halt the connection after one try', async () => {
      await using target = await open();
      target.simulator.refuseCredentials();
      const scope = testScope();
      await expect(target.find(target.sample, scope)).rejects.toMatchObject({ verdict: 'halt', fix: expect.any(String) });
      expect(scope.exchanges).toHaveLength(1);
    });

    test('a call given up before it is sent can be made again', async () => {
      await using target = await open();
      await expect(target.create(target.sample, testScope(AbortSignal.abort()))).rejects.toMatchObject({ verdict: 'retry' });
      expect(target.simulator.writes()).toBe(0);
    });

    test('every attempt is in the story, with its request, its answer or its error', async () => {
      await using target = await open();
      const scope = testScope();
      target.simulator.loseNextAnswer();
      await expect(target.create(target.sample, scope)).rejects.toBeDefined();
      await target.find(target.sample, scope);
      const [lost, found] = scope.exchanges;
      expect(lost).toMatchObject({ request: { body: expect.anything() }, error: { verdict: 'uncertain' } });
      expect(found).toMatchObject({ status: 200, answer: expect.anything(), error: undefined });
    });
  });
}

/** Ids and times differ between two runs of the same story. */
function withoutIds(records: unknown[]): unknown {
  return JSON.parse(JSON.stringify(records, (key, value: unknown) => (/ID$|On$/.test(key) ? undefined : value)));
}
