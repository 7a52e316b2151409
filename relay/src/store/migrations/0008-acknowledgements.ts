import { sql } from 'kysely';
import { index, table } from './columns.ts';
import type { Migration } from './migration.ts';

/** What the source is still to be told of records that succeeded; predecessors in other flows. */
export const acknowledgements: Migration = {
  number: 8,
  name: 'acknowledgements',
  breaking: true,
  async up(db) {
    await table(db, 'acknowledgement', {
      record_id: 'record.id!',
      tenant_id: 'tenant.id!',
      integration_id: 'integration.id!',
      flow_id: 'text!',
      failures: 'integer!',
      next_attempt_at: 'time',
      result_json: 'text!',
      error_json: 'text',
      created_at: 'time!',
    })
      .addPrimaryKeyConstraint('acknowledgement_key', ['record_id'])
      .execute();
    await index(
      db,
      'acknowledgement_due',
      'acknowledgement',
      ['integration_id', 'flow_id', 'next_attempt_at'],
      sql`next_attempt_at is not null`,
    );
  },
};
