import { z } from 'zod';
import { newId, type ConnectionRow } from '../../store/index.ts';
import { systemOf } from '../catalog-entries.ts';
import { checkUnsaved } from '../check-connection.ts';
import { storeSettings } from '../connection-settings.ts';
import { findConnection } from '../find.ts';
import { id, tenantParams } from '../ids.ts';
import { defineRoute, type Route } from '../route.ts';
import { changeSettings, checkOutcome, connectionParams, settings, showCheck, siteOf } from './connections.ts';

/** Testing before saving. */
export const connectionTrialRoutes: Route[] = [
  defineRoute({
    id: 'connections.try',
    method: 'post',
    path: '/tenants/{tenantId}/connection-trials',
    summary: 'Tries a connection that is not made yet, and keeps nothing of it',
    role: 'admin',
    params: tenantParams,
    body: z.strictObject({ system: z.string().min(1).max(40), siteId: id('site').optional(), settings: settings.default({}) }),
    answer: checkOutcome,
    audited: ({ system, siteId, settings: given }) => ({ system, siteId, fields: Object.keys(given) }),
    async handle({ params: { tenantId }, body, services, signal }) {
      const { clock, vault } = services;
      const manifest = systemOf(services, body.system);
      const siteId = await siteOf(services, { tenantId, siteId: body.siteId, runsOn: manifest.runsOn });
      const connectionId = newId('connection', clock.now());
      const row: ConnectionRow = {
        id: connectionId,
        tenant_id: tenantId,
        system: manifest.id,
        name: manifest.label,
        site_id: siteId,
        ...storeSettings({ manifest, connectionId, siteId, settings: body.settings, vault }),
        version: 1,
        halted_json: null,
        check_json: null,
        created_at: clock.now(),
        changed_at: clock.now(),
      };
      return showCheck(await checkUnsaved(services, row, signal));
    },
  }),
  defineRoute({
    id: 'connections.try-change',
    method: 'post',
    path: '/tenants/{tenantId}/connections/{connectionId}/try',
    summary: 'Tries a connection with changed settings, and saves nothing',
    role: 'admin',
    params: connectionParams,
    body: z.strictObject({ settings: settings.describe('Only the fields to change; null takes one away') }),
    answer: checkOutcome,
    audited: ({ settings: given }) => ({ fields: Object.keys(given) }),
    async handle({ params, body, services, signal }) {
      const row = await findConnection(services, params);
      return showCheck(await checkUnsaved(services, { ...row, ...changeSettings(services, row, body.settings) }, signal));
    },
  }),
];
