import { createHmac } from 'node:crypto';

/** Standard Webhooks: `v1,<base64>` over id, time and the raw body; the key is the bytes of the client secret (facts/bigcommerce.md 5.4). */
export function sign({ clientSecret, id, timestamp, body }: { clientSecret: string; id: string; timestamp: string; body: string }): string {
  return `v1,${createHmac('sha256', clientSecret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
