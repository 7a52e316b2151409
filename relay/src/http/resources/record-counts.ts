import { z } from 'zod';
import { countSome, nextStates, type RecordState } from '../../ledger/index.ts';
import { tenantParams } from '../ids.ts';
import { defineRoute, type Route } from '../route.ts';
import { filterFields } from './records.ts';

const states = Object.keys(nextStates) as [RecordState, ...RecordState[]];
const mostRecords = 100_000;

export const recordCountRoutes: Route[] = [
  defineRoute({
    id: 'records.counts',
    method: 'get',
    path: '/tenants/{tenantId}/records/counts',
    summary: 'How many records match a filter, by state',
    role: 'viewer',
    params: tenantParams,
    query: z.strictObject(filterFields),
    answer: z.object({
      items: z.array(z.object({ state: z.enum(states), records: z.int() })).describe('States without any are left out'),
      isComplete: z.boolean().describe('false: there are more than the 100,000 that are looked at'),
    }),
    async handle({ params: { tenantId }, query: { q, reason, ...filter }, services: { store } }) {
      const counts = await countSome(store, { tenantId, ...filter, text: q, reasonCode: reason }, mostRecords);
      const items = states.flatMap((state) => ({ state, records: counts.states[state] ?? 0 })).filter(({ records }) => records > 0);
      return { items, isComplete: counts.isComplete };
    },
  }),
];
