import { vendorFlow, waitFor } from '../landscape/index.ts';
import type { Fault } from '../sandbox/cin7/index.ts';
import { openScene, type Scene, type StoryView } from './scene.ts';

/** Cin7 Core misbehaves while new vendors are posted: each still becomes one supplier, by itself, and its story says what happened. */
let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ vendors: 40 });
  await scene.load();
}, 60_000);
afterAll(() => scene?.[Symbol.asyncDispose]());

let made = 0;
async function createVendors(count: number): Promise<string[]> {
  const numbers: string[] = [];
  for (let one = 0; one < count; one++) {
    const { number } = await scene.landscape.sap.control.call('create-vendor', {
      general: { NAME1: `Hofmann & Töchter ${++made} GmbH`, ORT01: 'Passau' },
      companies: [{ BUKRS: '1000', AKONT: '0000160000', ZTERM: 'NT30' }],
      emails: [`kontakt${made}@hofmann.example.com`],
    });
    numbers.push(number);
  }
  return numbers;
}

async function storiesOf(numbers: string[]): Promise<StoryView[]> {
  const records = await scene.records('state=succeeded');
  return Promise.all(records.filter(({ key }) => numbers.includes(key)).map(({ id }) => scene.story(id)));
}

const createdOnce = (story: StoryView) => story.events.filter(({ kind }) => kind === 'succeeded');
const cases: [what: string, fault: Fault, hits: number][] = [
  ['the answer to a creation is lost', { kind: 'loseNextAnswer', times: 3 }, 3],
  ['a creation is dropped before it is done', { kind: 'dropBeforeCommit', times: 2 }, 2],
  ['500 after a creation is done', { kind: 'error500AfterCommit', times: 3 }, 3],
  ['500 before a creation is done', { kind: 'error500BeforeCommit', times: 2 }, 2],
  ['half of the answer to a creation', { kind: 'wrongJson', times: 2, method: 'POST' }, 2],
  ['JSON without the supplier in answer to a creation', { kind: 'wrongShape', times: 2, method: 'POST' }, 2],
];

test.each(cases)('%s: the target is asked before anything is sent again', async (_what, fault, hits) => {
  await scene.landscape.cin7.forgetCalls();
  const numbers = await createVendors(5);
  await scene.landscape.cin7.addFault(fault);
  await scene.run();
  expect(await scene.deviations()).toEqual([]);
  const stories = await storiesOf(numbers);
  expect(stories.map((story) => createdOnce(story).length)).toEqual([1, 1, 1, 1, 1]);
  const hit = stories.filter(({ events }) => events.some(({ kind }) => kind === 'uncertain'));
  expect(hit).toHaveLength(hits);
  for (const { attemptList, events } of hit) {
    expect(attemptList[0]).toMatchObject({ number: 1, outcome: 'uncertain' });
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.indexOf('looked up')).toBeGreaterThan(kinds.indexOf('uncertain'));
    expect(kinds.indexOf('succeeded')).toBeGreaterThan(kinds.indexOf('looked up'));
  }
});

test.each(['429', '429-sec', '503', '400'] as const)('the limit of calls answered as %s is waited for', async (style) => {
  const numbers = await createVendors(5);
  await scene.landscape.cin7.addFault({ kind: 'limit', style, times: 3 });
  await scene.run();
  expect(await scene.deviations()).toEqual([]);
  const stories = await storiesOf(numbers);
  expect(stories.map((story) => createdOnce(story).length)).toEqual([1, 1, 1, 1, 1]);
  expect(JSON.stringify(stories)).toMatch(/limit of calls per minute is reached|reached \d+ calls/);
});

test('a web page in place of JSON halts the connection with what to do, and a person resumes it', async () => {
  const numbers = await createVendors(5);
  await scene.landscape.cin7.addFault({ kind: 'htmlInstead', method: 'POST', path: '/supplier', times: 1 });
  const { customer, landscape } = scene;
  const connection = `${customer.path}/connections/${customer.cin7ConnectionId}`;
  await landscape.relay.api.post(`${customer.path}/runs`, { integrationId: customer.integrationId, flowId: vendorFlow });
  const halt = await waitFor('the halt', async () => {
    const { halt } = await landscape.relay.api.get<{ halt: { code: string; fix: string } | null }>(connection);
    return halt ?? undefined;
  });
  expect(halt).toMatchObject({ code: 'CIN7_WRONG_PATH', fix: expect.stringContaining('base URL') as string });
  await landscape.relay.api.post(`${connection}/resume`);
  await waitFor('all five', async () => (await storiesOf(numbers)).length === 5);
  await scene.settled();
  expect(await scene.deviations()).toEqual([]);
});
