import { z } from 'zod';
import { nextStates, stateMeanings, type RecordState } from '../../ledger/index.ts';
import { settingsJsonSchema } from '../catalog-entries.ts';
import { secretFields, siteField } from '../connection-settings.ts';
import { defineRoute, type Route } from '../route.ts';

const jsonSchema = z.record(z.string(), z.unknown()).describe('JSON Schema');

const system = z
  .object({
    id: z.string(),
    label: z.string(),
    runsOn: z.enum(['relay', 'agent']),
    settings: jsonSchema,
    secretSettings: z.array(z.string()).describe('Fields that can be written, but never read'),
    pace: z.object({ calls: z.number(), perSeconds: z.number() }).nullable().describe('Calls that all work on one account shares'),
  })
  .meta({ id: 'System' });

const flow = z
  .object({
    id: z.string(),
    title: z.string(),
    from: z.string(),
    to: z.string(),
    kind: z.enum(['master', 'document']),
    settings: jsonSchema,
    everySeconds: z.number(),
    sweepEverySeconds: z.number().nullable(),
    canBackfill: z.boolean().describe('Whether it can read a range of business days again'),
    canReconcile: z.boolean().describe('Whether source, ledger and target can be compared by days'),
    valueMaps: z.array(
      z.object({ id: z.string(), title: z.string(), from: z.string(), to: z.string(), missing: z.enum(['block', 'default', 'pass']) }),
    ),
  })
  .meta({ id: 'Flow' });

const stateNames = Object.keys(nextStates) as [RecordState, ...RecordState[]];
const state = z
  .object({ state: z.enum(stateNames), meaning: z.string(), next: z.array(z.enum(stateNames)) })
  .meta({ id: 'RecordStateInfo' });

/** What this build knows: the same for all tenants. */
export const catalogRoutes: Route[] = [
  defineRoute({
    id: 'systems.list',
    method: 'get',
    path: '/systems',
    summary: 'Systems that connections can be made to, with their settings',
    role: 'viewer',
    answer: z.object({ items: z.array(system) }),
    async handle({ services: { systems } }) {
      const items = systems.map((manifest) => ({
        id: manifest.id,
        label: manifest.label,
        runsOn: manifest.runsOn,
        settings: settingsJsonSchema(manifest.settings, [siteField]),
        secretSettings: secretFields(manifest),
        pace: manifest.pace ? { calls: manifest.pace.calls, perSeconds: manifest.pace.perMs / 1000 } : null,
      }));
      return { items };
    },
  }),
  defineRoute({
    id: 'flows.list',
    method: 'get',
    path: '/flows',
    summary: 'Flows that integrations can switch on, with their settings and value maps',
    role: 'viewer',
    answer: z.object({ items: z.array(flow) }),
    async handle({ services: { flows } }) {
      const items = flows.map(({ id, title, from, to, kind, settings, schedule, valueMaps, ...more }) => ({
        id,
        title,
        from,
        to,
        kind,
        settings: settingsJsonSchema(settings),
        everySeconds: schedule.everyMs / 1000,
        sweepEverySeconds: schedule.sweepEveryMs === undefined ? null : schedule.sweepEveryMs / 1000,
        canBackfill: more.canBackfill ?? false,
        canReconcile: more.reconcile !== undefined,
        valueMaps: [...valueMaps],
      }));
      return { items };
    },
  }),
  defineRoute({
    id: 'states.list',
    method: 'get',
    path: '/record-states',
    summary: 'States of a record, what each means and what may follow',
    role: 'viewer',
    answer: z.object({ items: z.array(state) }),
    handle: async () => ({
      items: stateNames.map((name) => ({ state: name, meaning: stateMeanings[name], next: [...nextStates[name]] })),
    }),
  }),
];
