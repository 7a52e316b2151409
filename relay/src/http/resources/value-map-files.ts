import { z } from 'zod';
import { acceptProposals, importEntries, planImport, separators, writeCsv, type ImportPlan } from '../../mapping/index.ts';
import { actorOf } from '../caller.ts';
import { isoTime } from '../ids.ts';
import { ApiError } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { loadValueMap, mapParams, releasedFields, valueMap } from './value-maps.ts';

const csvBody = z.strictObject({
  csv: z.string().max(20_000_000).describe('Code and target code per line; comma, semicolon or tab; header and further columns optional'),
});
const importQuery = z.strictObject({
  mode: z.enum(['merge', 'replace']).default('merge').describe('`replace` takes away entries that the file does not have'),
});
const pair = z.object({ from: z.string(), to: z.string() });
const plan = z.object({
  added: z.array(pair),
  changed: z.array(pair.extend({ before: z.string() })),
  removed: z.array(pair),
  unchanged: z.int(),
});
const fault = z.object({ line: z.int().describe('Of the file; 0: the file as a whole'), message: z.string() });

export const valueMapFileRoutes: Route[] = [
  defineRoute({
    id: 'value-maps.export',
    method: 'get',
    path: '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/csv',
    summary: 'A value map as a file for spreadsheets',
    description:
      'UTF-8. Codes that a spreadsheet would change (leading zeros, dates) are written as `="0010"`; the import reads them again.',
    role: 'viewer',
    params: mapParams,
    query: z.strictObject({
      separator: z
        .enum(Object.keys(separators) as ['comma', 'semicolon', 'tab'])
        .default('comma')
        .describe('As your spreadsheet expects it'),
    }),
    answer: z.string(),
    answerType: 'text/csv',
    async handle({ params, query, services }) {
      return writeCsv((await loadValueMap(services, params)).entries, query.separator);
    },
  }),
  defineRoute({
    id: 'value-maps.import.preview',
    method: 'post',
    path: '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/csv/preview',
    summary: 'What an import would change, and everything that is wrong with the file',
    role: 'operator',
    params: mapParams,
    query: importQuery,
    body: csvBody,
    takesCsv: true,
    answer: plan.extend({ faults: z.array(fault).describe('With any, nothing would be imported') }),
    async handle({ params, query: { mode }, body: { csv }, services }) {
      await loadValueMap(services, params);
      return planImport(services.store, { ...params, text: csv, mode });
    },
  }),
  defineRoute({
    id: 'value-maps.import',
    method: 'post',
    path: '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/csv',
    summary: 'Imports a file into a value map, whole or not at all; records that waited for its codes go out by themselves',
    role: 'operator',
    params: mapParams,
    query: importQuery,
    body: csvBody,
    takesCsv: true,
    answer: plan.extend(releasedFields),
    async handle({ params, query: { mode }, body: { csv }, caller, services: { store, clock }, services }) {
      await loadValueMap(services, params);
      const changedAt = isoTime(clock.now());
      const done = await importEntries(store, clock, { ...params, text: csv, mode, actor: actorOf(caller) });
      refuseFaulty(done);
      return { ...done, changedAt };
    },
  }),
  defineRoute({
    id: 'value-maps.proposals.accept',
    method: 'post',
    path: '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/proposals/accept',
    summary: 'Makes entries of proposals: of the codes named, or of all that leave no choice',
    role: 'operator',
    params: mapParams,
    body: z.union([
      z.strictObject({ codes: z.array(z.string().min(1).max(500)).min(1).max(10_000) }),
      z.strictObject({ all: z.literal(true) }),
    ]),
    answer: z.object({
      accepted: z.array(pair),
      ambiguous: z.array(z.string()).describe('Codes with several proposals: set the one that is meant'),
      ...releasedFields,
      valueMap,
    }),
    audited: (body) => body,
    async handle({ params, body, caller, services }) {
      await loadValueMap(services, params);
      const codes = 'all' in body ? ('all' as const) : body.codes;
      const changedAt = isoTime(services.clock.now());
      const done = await acceptProposals(services.store, services.clock, { ...params, codes, actor: actorOf(caller) });
      return { ...done, changedAt, valueMap: await loadValueMap(services, params) };
    },
  }),
];

function refuseFaulty({ faults }: ImportPlan): void {
  const [first] = faults;
  if (!first) return;
  const errors = faults.slice(0, 200).map(({ line, message }) => ({ path: line === 0 ? 'file' : `line ${line}`, message }));
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  throw new ApiError(400, 'CSV_INVALID', `${errors[0]?.path} ${errors[0]?.message}${more}; nothing was imported`, {
    errors,
    fix: 'Correct the lines named in "errors" and import the file again; where the target has new codes, refresh the value maps first.',
  });
}
