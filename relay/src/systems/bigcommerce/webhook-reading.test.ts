import { createHmac } from 'node:crypto';
import type { WebhookReading } from '../system.ts';
import { bigCommerceSettings, type BigCommerceSettings } from './settings.ts';
import { readWebhook } from './webhook-reading.ts';

const body = Buffer.from(
  '{"scope":"store/order/created","store_id":"1025646","data":{"type":"order","id":250},"hash":"dd70c0976e06b67aaf671e73f49dcb79230ebf9d","created_at":1561479335,"producer":"stores/abc123"}',
);
const signature = 'v1,B3fkiwFkImRS0/mwHwVMRmFahl/SVAzzYU6F6gbekSk=';
const signedAt = 1_700_000_000;
const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': String(signedAt), 'webhook-signature': signature };

function settings(more: Partial<BigCommerceSettings> = {}): BigCommerceSettings {
  const account = { storeHash: 'abc123', accessToken: 'token', clientId: 'client', clientSecret: 'client-secret' };
  return { ...bigCommerceSettings.parse(account), ...more };
}

function read(
  more: { headers?: Record<string, string>; body?: Buffer; offSeconds?: number; settings?: Partial<BigCommerceSettings> } = {},
) {
  const delivery = { headers: more.headers ?? headers, body: more.body ?? body, now: (signedAt + (more.offSeconds ?? 0)) * 1000 };
  return readWebhook(delivery, settings(more.settings));
}

function signed(text: string): { headers: Record<string, string>; body: Buffer } {
  const raw = Buffer.from(text);
  const right = createHmac('sha256', 'client-secret').update(`evt_1.${signedAt}.`).update(raw).digest('base64');
  return { headers: { ...headers, 'webhook-signature': `v1,${right}` }, body: raw };
}

function keyOf(reading: WebhookReading): string | undefined {
  return 'event' in reading ? reading.event.deduplicationKey : undefined;
}

test('the published test vector is genuine', () => {
  expect(read()).toEqual({
    verdict: 'genuine',
    event: {
      deduplicationKey: 'id evt_1',
      topic: 'store/order/created',
      body: expect.objectContaining({ data: { type: 'order', id: 250 } }),
    },
  });
});

test.each([
  ['several signatures, one of them right', `v1,AAAA v1a,${signature.slice(3)} ${signature}`],
  ['the right one before others', `${signature} v1,B3fkiwFkImRS0/mwHwVMRmFahl/SVAzzYU6F6gbekSl=`],
])('%s', (_what, signatures) => {
  expect(read({ headers: { ...headers, 'webhook-signature': signatures } }).verdict).toBe('genuine');
});

test.each([
  ['a changed body', { body: Buffer.from(body.toString().replace('250', '251')) }],
  ['a line feed after the body', { body: Buffer.concat([body, Buffer.from('\n')]) }],
  ['another id', { headers: { ...headers, 'webhook-id': 'evt_2' } }],
  ['another time', { headers: { ...headers, 'webhook-timestamp': '1700000001' } }],
  ['a time that is no number', { headers: { ...headers, 'webhook-timestamp': 'now' } }],
  ['no id', { headers: { 'webhook-timestamp': String(signedAt), 'webhook-signature': signature } }],
  ['an unknown version alone', { headers: { ...headers, 'webhook-signature': signature.replace('v1,', 'v2,') } }],
  ['a hex digest', { headers: { ...headers, 'webhook-signature': `v1,${Buffer.from(signature.slice(3), 'base64').toString('hex')}` } }],
  ['another secret', { settings: { clientSecret: 'client-secreT' } }],
  ['an empty signature entry', { headers: { ...headers, 'webhook-signature': 'v1,' } }],
])('%s is forged', (_what, more) => {
  expect(read(more)).toEqual({ verdict: 'forged', why: expect.any(String) });
});

test.each([
  [299, 'genuine'],
  [-299, 'genuine'],
  [301, 'stale'],
  [-301, 'stale'],
])('a delivery signed %p seconds ago is %s', (offSeconds, verdict) => {
  expect(read({ offSeconds })).toMatchObject({ verdict, event: { topic: 'store/order/created' } });
});

test('what another store sends is forged, however well it is signed', () => {
  expect(read({ settings: { storeHash: 'other1' } })).toMatchObject({ verdict: 'forged', why: 'it speaks of another store' });
});

test.each([
  ['no JSON', '{"scope":'],
  ['a list', '[]'],
  ['null', 'null'],
  ['no scope', '{"producer":"stores/abc123"}'],
  ['no store', '{"scope":"store/order/created"}'],
])('%s is unreadable, even when signed', (_what, text) => {
  expect(read(signed(text))).toEqual({ verdict: 'unreadable', why: expect.any(String) });
});

test.each([
  ['{"scope":"store/order/transaction/created","producer":"stores/abc123","data":{"order_id":"250"}}', 'store/order/transaction/created'],
  ['{"scope":"store/order/metafield/created","producer":"stores/abc123","data":{"resource_id":"270"}}', 'store/order/metafield/created'],
  ['{"scope":"store/priceList/records/updated","producer":"stores/abc123","data":[{"id":1}]}', 'store/priceList/records/updated'],
  ['{"scope":"store/something/new","producer":"stores/abc123"}', 'store/something/new'],
])('an event without an id of its own is read: %s', (text, topic) => {
  expect(read(signed(text))).toMatchObject({ verdict: 'genuine', event: { topic } });
});

test('without a signature the content tells events apart, whatever the order of its fields', () => {
  const unsigned = { headers: { 'webhook-id': 'anything' } };
  const first = read(unsigned);
  expect(first).toMatchObject({ verdict: 'unsigned', event: { topic: 'store/order/created' } });
  const { scope, ...rest } = JSON.parse(body.toString()) as Record<string, unknown>;
  expect(keyOf(read({ ...unsigned, body: Buffer.from(JSON.stringify({ ...rest, scope })) }))).toBe(keyOf(first));
  expect(keyOf(read({ ...unsigned, body: Buffer.from(body.toString().replace('1561479335', '1561479336')) }))).not.toBe(keyOf(first));
});
