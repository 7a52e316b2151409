import type { JdeCondition } from '@ml-connector/shared';
import { Stamps, type ChangeWindow } from '../following/index.ts';
import { orderKey } from '../keys.ts';
import type { JdeReading } from '../reading.ts';
import { header, line, orderKeyFields } from './columns.ts';

/**
 * Orders whose header or lines changed: neither touches the stamps of the other (facts/jde-ais.md 10, 5). `chosen` selects by key fields. The
 * time of day is in TDAY here.
 */
export async function findChangedOrders(
  { session, scope }: JdeReading,
  window: ChangeWindow,
  chosen: JdeCondition[],
): Promise<ReadonlyMap<string, string>> {
  const stamps = new Stamps(window);
  const where: JdeCondition[] = [{ field: 'UPMJ', op: 'SINCE_DAYS_AGO', days: window.days }, ...chosen];
  const headers = { table: header.table, fields: [...orderKeyFields, 'UPMJ', 'TDAY'], key: header.key, where, optional: ['TDAY'] } as const;
  for await (const row of session.query(headers, scope)) stamps.add(orderKey(row), 'header', { date: row.UPMJ, time: row.TDAY });
  const lines = { table: line.table, fields: [...line.key, 'UPMJ', 'TDAY'], key: line.key, where, optional: ['TDAY'] } as const;
  for await (const row of session.query(lines, scope)) stamps.add(orderKey(row), row.LNID, { date: row.UPMJ, time: row.TDAY });
  return stamps.signatures();
}
