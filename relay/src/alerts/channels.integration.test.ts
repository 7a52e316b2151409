import { createHmac } from 'node:crypto';
import { makeAnchor } from '../audit/index.ts';
import { testChannel } from './deliver.ts';
import { sendAnchor } from './outbox.ts';
import { minuteMs, openAlerts, tenantId, type AlertBench } from './testing/alert-bench.ts';
import { mailPassword, mailReceiver, webReceiver, type MailReceiver, type WebReceiver } from './testing/receivers.ts';

let bench: AlertBench;
let web: WebReceiver;
let mail: MailReceiver;
beforeEach(async () => {
  [bench, web, mail] = await Promise.all([openAlerts(), webReceiver(), mailReceiver()]);
  await bench.only('blocked');
});
afterEach(async () => {
  await Promise.all([bench, web, mail].map((one) => one[Symbol.asyncDispose]()));
});

const secret = 'ein-langes-geheimnis-4711';
const missing = {
  code: 'VALUE_MAP_MISSING',
  message: 'payment-terms has no entry for ZB30',
  missing: { valueMapId: 'payment-terms', code: 'ZB30' },
};
const mailSettings = (more: object = {}) => ({
  host: '127.0.0.1',
  port: mail.port,
  tls: 'none',
  from: 'relay@example.com',
  to: ['ops@example.com'],
  ...more,
});
const bodies = () => web.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
const channelRow = (id: string) => bench.store.db.selectFrom('alert_channel').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

test('a webhook gets each alert signed, with what happened, how many, an example, what to do and where to look', async () => {
  await bench.addChannel('webhook', { url: web.url, secret });
  const id = await bench.put('100', 'blocked', missing);
  await bench.put('101', 'blocked', missing);
  await bench.round();
  expect(bodies()).toEqual([
    expect.objectContaining({
      kind: 'opened',
      tenant: 'Müller & Söhne GmbH',
      rule: 'blocked',
      title: '2 records of Vendors to suppliers (Vendors) blocked: payment-terms has no entry for ZB30',
      since: '2026-05-27T09:00:00.000Z',
      records: 2,
      example: `100 Lieferant 100 (${id})`,
      fix: 'Add the entry ZB30 to the value map payment-terms; the records go out by themselves then.',
      link: 'https://relay.example.com/records?state=blocked&flowId=vendors&reason=VALUE_MAP_MISSING',
    }),
  ]);
  const [{ headers, body }] = web.received as [(typeof web.received)[number]];
  const signed = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-ml-signature']));
  expect(signed?.[2]).toBe(createHmac('sha256', secret).update(`${signed?.[1]}.${body}`).digest('hex'));
  expect(body).not.toContain(secret);
});

test('an open alert is told once, also when more records join it, and again when it is over', async () => {
  await bench.addChannel('webhook', { url: web.url, secret });
  const id = await bench.put('100', 'blocked', missing);
  await bench.round();
  await bench.put('101', 'blocked', missing);
  await bench.round();
  expect(bodies().map(({ kind }) => kind)).toEqual(['opened']);
  const [alert] = await bench.store.db.selectFrom('alert').selectAll().execute();
  expect(JSON.parse(alert!.finding_json)).toMatchObject({ count: 2, example: `100 Lieferant 100 (${id})` });
  bench.clock.at += minuteMs;
  await bench.store.db.updateTable('record').set({ state: 'succeeded' }).execute();
  await bench.round();
  expect(bodies().map(({ kind }) => kind)).toEqual(['opened', 'over']);
  await bench.round();
  await bench.put('102', 'blocked', missing);
  await bench.round();
  expect(bodies().map(({ kind }) => kind)).toEqual(['opened', 'over', 'opened']);
  expect(new Set(bodies().map(({ alertId }) => alertId)).size).toBe(2);
});

test('Slack gets text in which nothing that a vendor is called means anything', async () => {
  await bench.addChannel('slack', { url: web.url });
  await bench.put('100', 'blocked', { code: 'NAME', message: 'the name <!channel> & <https://evil.example|click> is taken' });
  await bench.round();
  const [body] = bodies();
  expect(body?.['text']).toContain('the name &lt;!channel&gt; &amp; &lt;https://evil.example|click&gt; is taken');
  expect(body?.['text']).toContain('https://relay.example.com/records?state=blocked');
});

test('an e-mail tells what came together, in one message', async () => {
  await bench.addChannel('email', mailSettings());
  await bench.put('100', 'blocked', missing);
  await bench.put('101', 'blocked', { code: 'NAME_EMPTY', message: 'the vendor has no name\r\nBcc: everybody@example.com' });
  await bench.round();
  expect(mail.mails).toHaveLength(1);
  const { text } = mail.mails[0]!;
  expect(text).toMatch(/^To: ops@example\.com/m);
  expect(text).toMatch(/^Subject: .*/m);
  expect(text.split('\r\n\r\n')[0]?.split('\n\n')[0]).not.toMatch(/^Bcc:/m);
  const decoded = Buffer.from(
    text.replaceAll(/=\r\n/g, '').replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString();
  expect(decoded).toContain('Add the entry ZB30');
  expect(decoded).toContain('the vendor has no name Bcc: everybody@example.com');
});

test('a mail server with a certificate that nobody vouches for gets neither mail nor password', async () => {
  const row = await bench.addChannel('email', mailSettings({ tls: 'starttls', user: 'relay', password: mailPassword }));
  await expect(testChannel(bench.deps, row)).rejects.toMatchObject({
    verdict: 'retry',
    message: expect.stringMatching(/certificate/) as unknown,
  });
  expect(mail.mails).toEqual([]);
});

test('over TLS with a known authority the password is sent', async () => {
  const row = await bench.addChannel('email', mailSettings({ tls: 'starttls', ca: mail.ca, user: 'relay', password: mailPassword }));
  await testChannel(bench.deps, row);
  expect(mail.mails).toMatchObject([{ user: 'relay', isEncrypted: true }]);
});

test('a wrong password is told without the password', async () => {
  const row = await bench.addChannel('email', mailSettings({ tls: 'starttls', ca: mail.ca, user: 'relay', password: 'Falsch-4711' }));
  const failure = await testChannel(bench.deps, row).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'MAIL_EAUTH' });
  expect((failure as Error).message).not.toContain('Falsch');
});

test('without TLS no password is sent', async () => {
  const row = await bench.addChannel('email', mailSettings({ user: 'relay', password: mailPassword }));
  await testChannel(bench.deps, row);
  expect(mail.mails).toMatchObject([{ user: undefined, isEncrypted: false }]);
});

test('passwords and keys are encrypted in the database', async () => {
  await bench.addChannel('webhook', { url: web.url, secret });
  await bench.addChannel('slack', { url: 'https://hooks.example.com/T0/geheim' });
  const rows = JSON.stringify(await bench.store.db.selectFrom('alert_channel').selectAll().execute());
  expect(rows).not.toContain(secret);
  expect(rows).not.toContain('geheim');
});

test('a broken channel waits longer and longer, is shown, and delays no other; what it missed goes out when it works', async () => {
  await using broken = await webReceiver();
  broken.status = 500;
  const row = await bench.addChannel('webhook', { url: broken.url, secret }, 'broken');
  await bench.addChannel('webhook', { url: web.url, secret }, 'good');
  await bench.put('100', 'blocked', missing);
  await bench.round();
  expect(bodies()).toHaveLength(1);
  expect(broken.received).toHaveLength(1);
  expect(JSON.parse((await channelRow(row.id)).failing_json!)).toMatchObject({
    code: 'WEBHOOK_REFUSED',
    since: expect.any(Number) as unknown,
  });
  await bench.round();
  expect(broken.received).toHaveLength(1);
  bench.clock.at += 60 * minuteMs;
  broken.status = 204;
  await bench.round();
  expect(broken.received).toHaveLength(2);
  expect(new Set(broken.received.map(({ headers }) => headers['x-ml-delivery'])).size).toBe(1);
  expect((await channelRow(row.id)).failing_json).toBeNull();
  expect(bodies()).toHaveLength(1);
});

test('after a week of failures a message is given up, newer ones are not', async () => {
  web.status = 503;
  await bench.addChannel('webhook', { url: web.url, secret });
  await bench.put('100', 'blocked', missing);
  await bench.round();
  bench.clock.at += 8 * 24 * 60 * minuteMs;
  await bench.put('101', 'blocked', { code: 'OTHER', message: 'something else' });
  await bench.round();
  const states = await bench.store.db.selectFrom('alert_delivery').select('state').orderBy('id').execute();
  expect(states.map(({ state }) => state)).toEqual(['given up', 'waiting']);
});

test('a channel that keeps anchors gets each day, others do not', async () => {
  await bench.addChannel('webhook', { url: web.url, secret, anchors: true }, 'auditor');
  await bench.addChannel('webhook', { url: web.url, secret }, 'ops');
  const anchor = await makeAnchor({ ...bench.deps, anchorFile: undefined }, { tenantId, kind: 'day' });
  await sendAnchor(bench.deps, anchor!);
  await bench.round();
  expect(bodies()).toEqual([expect.objectContaining({ kind: 'anchor', anchor })]);
});

test('redirects are not followed', async () => {
  web.status = 302;
  const row = await bench.addChannel('webhook', { url: web.url, secret });
  await expect(testChannel(bench.deps, row)).rejects.toMatchObject({
    code: 'WEBHOOK_REFUSED',
    message: expect.stringContaining('302') as unknown,
  });
});

test.each([
  ['the metadata service of a cloud', 'http://169.254.169.254/latest'],
  ['the same, written as IPv6', 'http://[::ffff:169.254.169.254]/'],
  ['the same, as one number', 'http://2852039166/'],
  ['a link-local address', 'http://[fe80::1]/'],
  ['no address at all', 'http://0.0.0.0:8080/'],
  ['loopback', 'http://127.0.0.1:9/'],
  ['loopback by name', 'http://localhost:9/'],
  ['loopback in IPv6', 'http://[::1]:9/'],
])('%s is refused where loopback is not allowed', async (_what, url) => {
  await using strict = await openAlerts({ loopback: false, privateNetworks: true });
  const row = await strict.addChannel('slack', { url });
  const failure = await testChannel(strict.deps, row).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'ADDRESS_DENIED' });
});

test('a mail server on loopback is refused where that is not allowed', async () => {
  await using strict = await openAlerts({ loopback: false, privateNetworks: true });
  const row = await strict.addChannel('email', mailSettings());
  await expect(testChannel(strict.deps, row)).rejects.toMatchObject({ code: 'ADDRESS_DENIED' });
});

test('a channel that was switched off gets nothing more', async () => {
  const row = await bench.addChannel('webhook', { url: web.url, secret });
  web.status = 500;
  await bench.put('100', 'blocked', missing);
  await bench.round();
  await bench.store.db.updateTable('alert_channel').set({ enabled: 0 }).where('id', '=', row.id).execute();
  bench.clock.at += 60 * minuteMs;
  await bench.round();
  expect(web.received).toHaveLength(1);
  const states = await bench.store.db.selectFrom('alert_delivery').select('state').where('tenant_id', '=', tenantId).execute();
  expect(states).toEqual([{ state: 'withdrawn' }]);
});
