import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Db } from '../store/index.ts';

/** Whether a newer version of a record was read: for the `where` of a query over records. */
export function isFollowed(record: ExpressionBuilder<Db, 'record'>): Expression<SqlBool> {
  return record.exists(
    record
      .selectFrom('record as newer')
      .select('newer.id')
      .whereRef('newer.integration_id', '=', 'record.integration_id')
      .whereRef('newer.flow_id', '=', 'record.flow_id')
      .whereRef('newer.key', '=', 'record.key')
      .whereRef('newer.version', '>', 'record.version'),
  );
}
