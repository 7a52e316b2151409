import { createHash } from 'node:crypto';
import type { NewWebhookEvent } from '../ledger/index.ts';
import type { WebhookEvent } from '../systems/index.ts';

/** Longer ones would not fit into an index of every database. */
const longestKey = 200;
const longestTopic = 200;

interface Told {
  tenantId: string;
  connectionId: string;
  event: WebhookEvent;
  verdict: NewWebhookEvent['verdict'];
  body: Buffer;
  now: number;
}

/** An event as it is stored: the words of another system, bounded and without what a database refuses. */
export function toNewEvent({ tenantId, connectionId, event, verdict, body, now }: Told): NewWebhookEvent {
  return {
    tenantId,
    connectionId,
    deduplicationKey: keyOf(event.deduplicationKey),
    topic: withoutNul(event.topic).slice(0, longestTopic),
    verdict,
    body: withoutNul(body.toString('utf8')),
    receivedAt: now,
  };
}

function keyOf(key: string): string {
  const clean = withoutNul(key);
  return clean.length <= longestKey ? clean : `sha256:${createHash('sha256').update(clean).digest('base64url')}`;
}

// PostgreSQL refuses it within a text.
function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}
