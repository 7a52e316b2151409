import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SystemError } from '@ml-connector/shared';
import { z } from 'zod';
import type { SystemManifest, Webhooks, WebhookDelivery, WebhookReading } from '../../systems/index.ts';

/** Signs as the Standard Webhooks do; not with the code that checks it in any system. */
export function signed(
  body: string,
  { id, secret, at }: { id: string; secret: string; at: number },
): { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string } {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** A shop that sends webhooks: what it was told to send, and what goes wrong when it is told. */
export class FakeShop {
  /** Addresses with their header secrets. */
  readonly subscriptions = new Map<string, string>();
  keeps = 0;
  fault: SystemError | undefined;
  /** Called while subscriptions are kept. */
  whileKeeping: () => Promise<void> = () => Promise.resolve();
}

export const shopSettings = z.object({ clientSecret: z.string().default('client-secret').meta({ secret: true }) });

/** The webhooks of a system whose session is, or holds, a fake shop. */
export function fakeWebhooks(shopOf: (session: unknown) => FakeShop): Webhooks<Record<string, unknown>, unknown> {
  return {
    read: (delivery, settings) => read(delivery, String(settings['clientSecret'])),
    async keep(session, { url, headerSecret }) {
      const shop = shopOf(session);
      shop.keeps++;
      await shop.whileKeeping();
      if (shop.fault) throw shop.fault;
      const state = shop.subscriptions.get(url) === headerSecret ? 'active' : 'created';
      shop.subscriptions.set(url, headerSecret);
      return { subscriptions: [{ topic: 'object/changed', state }] };
    },
    remove(session, { url }) {
      const shop = shopOf(session);
      if (shop.fault) return Promise.reject(shop.fault);
      shop.subscriptions.delete(url);
      return Promise.resolve();
    },
  };
}

/** A manifest of a system that sends webhooks; its session is the shop. */
export function fakeShopSystem(shop: FakeShop): SystemManifest {
  return {
    id: 'bigcommerce',
    label: 'Shop',
    runsOn: 'relay',
    settings: shopSettings,
    open: () => shop,
    check: () => Promise.resolve({ account: 'Müller Onlineshop', details: {} }),
    webhooks: fakeWebhooks((session) => session as FakeShop),
  };
}

const toleranceMs = 300_000;

function read({ headers, body, now }: WebhookDelivery, secret: string): WebhookReading {
  let parsed: { topic?: unknown };
  try {
    parsed = JSON.parse(body.toString('utf8')) as { topic?: unknown };
  } catch {
    return { verdict: 'unreadable', why: 'no JSON' };
  }
  if (typeof parsed.topic !== 'string') return { verdict: 'unreadable', why: 'no topic' };
  const id = headers['webhook-id'];
  const given = headers['webhook-signature'];
  const event = { deduplicationKey: id ?? body.toString('utf8'), topic: parsed.topic, body: parsed };
  if (given === undefined || id === undefined) return { verdict: 'unsigned', event };
  const at = Number(headers['webhook-timestamp']) * 1000;
  const right = Buffer.from(
    `v1,${createHmac('sha256', secret)
      .update(`${id}.${at / 1000}.`)
      .update(body)
      .digest('base64')}`,
  );
  const bytes = Buffer.from(given);
  if (bytes.length !== right.length || !timingSafeEqual(bytes, right)) return { verdict: 'forged', why: 'another signature' };
  return { verdict: Math.abs(now - at) > toleranceMs ? 'stale' : 'genuine', event };
}
