import { randomFillSync } from 'node:crypto';

/** What an id belongs to, readable in logs and URLs. */
export const idKinds = {
  tenant: 'ten',
  site: 'sit',
  agent: 'agt',
  enrollToken: 'enr',
  connection: 'con',
  integration: 'int',
  run: 'run',
  runRequest: 'req',
  closeCalendar: 'cal',
  record: 'rec',
  attempt: 'att',
  apiToken: 'tok',
  relayKey: 'key',
  node: 'nod',
  reconciliation: 'rcn',
  dryRun: 'dry',
  replay: 'rpl',
  alertChannel: 'chn',
  alert: 'alt',
  alertDelivery: 'dlv',
  webhookEvent: 'evt',
  person: 'per',
} as const;
export type IdKind = keyof typeof idKinds;

/** `rec_01k…`: prefix, 10 characters of time, 16 of randomness (Crockford base 32). Ids sort by the millisecond they were made in. */
export function newId(kind: IdKind, now: number): string {
  return `${idKinds[kind]}_${timePart(now)}${randomPart()}`;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
// The system's generator costs a call each time; a page of randomness serves 256 ids.
const pool = Buffer.alloc(4096);
let used = pool.length;

function timePart(now: number): string {
  let rest = now;
  let text = '';
  for (let place = 0; place < 10; place++) {
    text = alphabet[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function randomPart(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let text = '';
  for (let place = 0; place < 16; place++) text += alphabet[(pool[used++] ?? 0) % 32];
  return text;
}
