import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '@ml-connector/shared';
import type { WebhookDelivery, WebhookEvent, WebhookReading } from '../system.ts';
import type { BigCommerceSettings } from './settings.ts';

interface Envelope {
  scope: string;
  producer: string;
  data: unknown;
  created_at: unknown;
  hash: unknown;
  /** All of it. */
  whole: unknown;
}

/**
 * Standard Webhooks over the raw bytes; the key is the text of the client secret (facts/bigcommerce.md 5.4). Whoever signs rightly may still
 * speak of another store: one API account of an app serves many.
 */
export function readWebhook({ headers, body, now }: WebhookDelivery, settings: BigCommerceSettings): WebhookReading {
  const { clientSecret, storeHash, webhookToleranceSeconds } = settings;
  const signed = {
    id: headers['webhook-id'] ?? '',
    timestamp: headers['webhook-timestamp'] ?? '',
    signatures: headers['webhook-signature'] ?? '',
  };
  const isSigned = signed.signatures !== '';
  if (isSigned && !isRightlySigned({ ...signed, body, clientSecret })) return { verdict: 'forged', why: 'its signature is wrong' };

  const envelope = envelopeOf(body);
  if (typeof envelope === 'string') return { verdict: 'unreadable', why: envelope };
  if (envelope.producer !== `stores/${storeHash}`) return { verdict: 'forged', why: 'it speaks of another store' };
  const event: WebhookEvent = {
    deduplicationKey: isSigned ? `id ${signed.id}` : `content ${contentKey(envelope)}`,
    topic: envelope.scope,
    body: envelope.whole,
  };
  if (!isSigned) return { verdict: 'unsigned', event };
  const offMs = Math.abs(now - Number(signed.timestamp) * 1000);
  return { verdict: offMs <= webhookToleranceSeconds * 1000 ? 'genuine' : 'stale', event };
}

interface Signed {
  id: string;
  /** Seconds since 1970. */
  timestamp: string;
  /** `v1,<base64> v1,<base64>`; entries of versions that we do not know are passed over. */
  signatures: string;
  body: Buffer;
  clientSecret: string;
}

function isRightlySigned({ id, timestamp, signatures, body, clientSecret }: Signed): boolean {
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return false;
  const expected = createHmac('sha256', clientSecret).update(`${id}.${timestamp}.`).update(body).digest();
  let isRight = false;
  // All of them are compared, so that the time says nothing about which one it was.
  for (const entry of signatures.split(' ')) {
    if (!entry.startsWith('v1,')) continue;
    const given = Buffer.from(entry.slice(3), 'base64');
    if (given.length === expected.length && timingSafeEqual(given, expected)) isRight = true;
  }
  return isRight;
}

/** The event, or why it is none. */
function envelopeOf(body: Buffer): Envelope | string {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return 'it is no JSON';
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'it is no object';
  const { scope, producer, data, created_at, hash } = json as Record<string, unknown>;
  if (typeof scope !== 'string' || scope === '') return 'it names no scope';
  if (typeof producer !== 'string') return 'it names no store';
  return { scope, producer, data: data ?? null, created_at: created_at ?? null, hash: hash ?? null, whole: json };
}

/** What is not signed has no id to trust. */
function contentKey({ producer, scope, data, created_at, hash }: Envelope): string {
  return createHash('sha256')
    .update(canonicalJson([producer, scope, data, created_at, hash]))
    .digest('hex');
}
