import { entriesOf } from './entries.ts';
import type { Story } from './story.ts';

const explanation = { message: 'F5 201', meaning: 'closed', cause: '', who: '', transaction: '', retryHelps: 'after the repair' } as const;

function storyWith(events: Partial<Story['events'][number]>[], more: Partial<Story> = {}): Story {
  return {
    record: { replayOf: null, reasons: [] },
    flow: { source: 'SAP PRD 100', target: 'Cin7' },
    trigger: null,
    attempts: [],
    ...more,
    events: events.map((event, place) => ({
      seq: place + 1,
      at: `2026-11-21T10:00:0${place}.000Z`,
      actor: 'engine',
      actorName: null,
      data: null,
      isDropped: false,
      hash: '',
      ...event,
    })),
  } as unknown as Story;
}

test.each([
  ['received', null, 'Read from SAP PRD 100', 'plain'],
  ['posting', { attempt: 1 }, 'Attempt 1: sent to Cin7', 'plain'],
  ['call', { what: 'GET /supplier', status: 200 }, 'GET /supplier', 'plain'],
  ['call', { what: 'POST /supplier', status: 400 }, 'POST /supplier', 'bad'],
  ['call', { what: 'RFC BAPI_PO_CREATE1', error: { code: 'SAP_06_436' } }, 'RFC BAPI_PO_CREATE1', 'bad'],
  ['succeeded', { action: 'created' }, 'Cin7 holds it', 'good'],
  ['uncertain', { reasons: [] }, 'May have been applied: the answer was lost', 'wait'],
  ['looked up', { outcome: 'applied', result: {} }, 'Cin7 was asked what it holds', 'good'],
  ['looked up', { outcome: 'unknown', why: 'no answer' }, 'Cin7 was asked what it holds', 'wait'],
  ['acknowledgement refused', null, 'Acknowledgement refused', 'plain'],
])('%s with %j', (kind, data, title, tone) => {
  expect(entriesOf(storyWith([{ kind, data }]))).toMatchObject([{ title, tone }]);
});

test('who acted is named, and so is the time that passed', () => {
  const [, skipped] = entriesOf(
    storyWith([
      { kind: 'received' },
      { kind: 'skipped', actor: 'person:per_1', actorName: 'Eva Łukasiewicz', data: { reason: 'by hand' } },
    ]),
  );
  expect(skipped).toMatchObject({ who: 'Eva Łukasiewicz', tone: 'person', gapMs: 1000, notes: ['“by hand”'] });
});

test('what a message means stands once: above the timeline while it is the reason, in the timeline afterwards', () => {
  const refused = [{ kind: 'blocked', data: { attempt: 1, error: { message: 'refused', code: 'F5_201' } } }];
  const attempts = [{ number: 1, notes: [], explanation }] as unknown as Story['attempts'];
  const record = (reasons: object[]) => ({ replayOf: null, reasons }) as unknown as Story['record'];
  const explained = (reasons: object[]) => entriesOf(storyWith(refused, { attempts, record: record(reasons) }))[0]?.explanation;
  expect(explained([{ code: 'F5_201' }])).toBeUndefined();
  expect(explained([])).toEqual(explanation);
});
