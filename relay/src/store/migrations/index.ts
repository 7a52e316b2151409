import { foundation } from './0001-foundation.ts';
import { schedules } from './0002-schedules.ts';
import { mapping } from './0003-mapping.ts';
import { audit } from './0004-audit.ts';
import { nodes } from './0005-nodes.ts';
import { reconciliation } from './0006-reconciliation.ts';
import { webhooks } from './0007-webhooks.ts';
import { acknowledgements } from './0008-acknowledgements.ts';
import { people } from './0009-people.ts';
import { settled } from './0010-settled.ts';
import { idempotency } from './0011-idempotency.ts';
import type { Migration } from './migration.ts';

/** In order of their numbers, without a gap. */
export const migrations: readonly Migration[] = [
  foundation,
  schedules,
  mapping,
  audit,
  nodes,
  reconciliation,
  webhooks,
  acknowledgements,
  people,
  settled,
  idempotency,
];
export type { Migration };
