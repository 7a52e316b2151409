import { readFileSync } from 'node:fs';
import { connectedAgent, waitFor, type Child } from '../landscape/index.ts';
import { Random } from '../sandbox/sap/seed/random.ts';
import { moment, openScene, type Scene } from './scene.ts';

/** Whatever dies in the middle of a load: afterwards every vendor has exactly one supplier, and nobody had to do anything. */
const vendors = 60;
const expected = { succeeded: 59, skipped: 1 };

/** A load slow enough to be hit in the middle. */
async function openSlowScene(): Promise<Scene> {
  const scene = await openScene({ vendors });
  await scene.landscape.sap.control.call('add-fault', { kind: 'slow', ms: 40, function: 'RFC_READ_TABLE' });
  await scene.landscape.cin7.addFault({ kind: 'slow', ms: 30, times: 100_000, method: 'POST', path: '/supplier' });
  return scene;
}

async function expectExact(scene: Scene): Promise<void> {
  expect(await scene.settled()).toEqual(expected);
  expect(await scene.deviations()).toEqual([]);
  const targets = (await scene.records('state=succeeded')).map(({ targetId }) => targetId);
  expect(new Set(targets).size).toBe(expected.succeeded);
  expect(await scene.landscape.cin7.suppliers()).toHaveLength(expected.succeeded);
}

/** Until SAP has answered so many table reads, or Cin7 so many creations, whichever the test is about. */
const reads = (scene: Scene, count: number) =>
  moment(`${count} table reads`, async () => {
    const { calls } = await scene.landscape.sap.control.call('counts');
    return (calls['RFC_READ_TABLE'] ?? 0) >= count;
  });
const creations = (scene: Scene, count: number) =>
  moment(`${count} creations`, async () => (await scene.cin7Calls('POST /supplier')) >= count);

async function die(child: Child | undefined): Promise<void> {
  child?.kill('SIGKILL');
  await child?.ended;
}

/** Counts of creations, rising; the same seed gives the same. */
function threeMoments(seed: number): number[] {
  const random = new Random(seed);
  return [random.between(1, 15), random.between(16, 32), random.between(33, 50)];
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('the tunnel is cut while vendors are read', async () => {
  await using scene = await openSlowScene();
  await scene.start();
  await reads(scene, 6);
  expect(scene.landscape.link.cut()).toBeGreaterThan(0);
  await waitFor('the run to notice', async () => (await scene.runs())[0]?.state === 'failed');
  scene.landscape.link.mend();
  await expectExact(scene);
  const [, ...older] = await scene.runs();
  expect(older).toContainEqual(
    expect.objectContaining({ state: 'failed', problem: expect.objectContaining({ code: expect.any(String) as string }) as object }),
  );
});

test.each([1, 2])('the relay is killed at three random moments while suppliers are created (seed %i)', async (seed) => {
  await using scene = await openSlowScene();
  const moments = threeMoments(seed);
  await scene.start();
  for (const count of moments) {
    await creations(scene, count);
    await die(scene.landscape.relay.child);
    await scene.landscape.restartRelay();
  }
  await expectExact(scene);
  const stories = await Promise.all((await scene.records()).map(({ id }) => scene.story(id)));
  const hit = stories.filter(({ events }) => events.some(({ kind }) => kind === 'uncertain'));
  expect(hit.length).toBeGreaterThan(0);
  for (const { events, attemptList } of hit) {
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('looked up')).toBeGreaterThan(kinds.indexOf('uncertain'));
    expect(attemptList[0]).toMatchObject({ number: 1, outcome: 'uncertain' });
  }
});

test('the relay is stopped while suppliers are created: what is in hand is finished, nothing is uncertain', async () => {
  await using scene = await openSlowScene();
  await scene.start();
  await creations(scene, 10);
  const { child } = scene.landscape.relay;
  child.kill('SIGTERM');
  expect(await child.ended).toEqual({ code: 0, signal: null });
  expect((await scene.landscape.cin7.suppliers()).length).toBeLessThan(expected.succeeded);
  await scene.landscape.restartRelay();
  await expectExact(scene);
  const stories = await Promise.all((await scene.records()).map(({ id }) => scene.story(id)));
  expect(stories.filter(({ events }) => events.some(({ kind }) => kind === 'uncertain'))).toEqual([]);
});

test('the relay is killed while vendors are read', async () => {
  await using scene = await openSlowScene();
  await scene.start();
  await reads(scene, 8);
  await die(scene.landscape.relay.child);
  await scene.landscape.restartRelay();
  await expectExact(scene);
  expect((await scene.runs()).map(({ state }) => state)).toEqual(expect.arrayContaining(['interrupted', 'succeeded']));
});

test('the agent is killed while vendors are read, and leaves no process behind', async () => {
  await using scene = await openSlowScene();
  const { agent } = scene.landscape;
  await scene.start();
  await reads(scene, 6);
  const workers = childrenOf(agent.running?.pid ?? 0);
  expect(workers).not.toEqual([]);
  await die(agent.running);
  await waitFor('the RFC process to end with its agent', () => Promise.resolve(!workers.some(isAlive)));
  scene.landscape.own(agent.start());
  await connectedAgent(scene.landscape, scene.customer.path);
  await expectExact(scene);
});

test('the RFC process is killed while vendors are read', async () => {
  await using scene = await openSlowScene();
  await scene.start();
  await reads(scene, 6);
  for (const pid of childrenOf(scene.landscape.agent.running?.pid ?? 0)) process.kill(pid, 'SIGKILL');
  await expectExact(scene);
  expect(scene.landscape.agent.running?.output).toEqual([]);
});

test('SAP restarts while vendors are read', async () => {
  await using scene = await openSlowScene();
  await scene.start();
  await reads(scene, 6);
  await scene.landscape.sap.control.call('restart', { downMs: 700 });
  await expectExact(scene);
  expect(await scene.landscape.sap.control.call('user-state', { name: 'ML_AGENT' })).toEqual({ failedLogons: 0, isLocked: false });
});
