import { z } from 'zod';
import { haltOf } from '../../ledger/index.ts';
import { plain, type Finding } from '../finding.ts';
import { defineRule } from './rule.ts';

/** Nothing works on a connection until someone acts. */
export const halted = defineRule({
  id: 'connection-halted',
  title: 'A connection is halted',
  settings: z.strictObject({}),
  async find({ store, tenantId }) {
    const rows = await store.db
      .selectFrom('connection')
      .select(['id', 'name', 'halted_json', 'version'])
      .where('tenant_id', '=', tenantId)
      .where('halted_json', 'is not', null)
      .execute();
    return rows.flatMap((row): Finding[] => {
      const halt = haltOf(row);
      if (!halt) return [];
      return [
        {
          cause: row.id,
          severity: 'critical',
          title: plain(`connection ${row.name} is halted: ${halt.message}`),
          since: halt.at,
          count: null,
          example: halt.code,
          fix: plain(halt.fix ?? 'Correct the connection, then resume it. What waits for it goes out by itself.'),
          link: `/connections/${row.id}`,
        },
      ];
    });
  },
});
