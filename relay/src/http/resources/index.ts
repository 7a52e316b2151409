import type { Route } from '../route.ts';
import { agentRoutes } from './agents.ts';
import { apiTokenRoutes } from './api-tokens.ts';
import { auditRoutes } from './audit.ts';
import { blackoutRoutes } from './blackouts.ts';
import { catalogRoutes } from './catalog.ts';
import { closeCalendarRoutes } from './close-calendars.ts';
import { connectionCredentialRoutes } from './connection-credentials.ts';
import { connectionRoutes } from './connections.ts';
import { integrationFlowRoutes } from './integration-flows.ts';
import { integrationRoutes } from './integrations.ts';
import { overviewRoutes } from './overview.ts';
import { recordDecisionRoutes } from './record-decisions.ts';
import { recordRoutes } from './records.ts';
import { runRequestRoutes } from './run-requests.ts';
import { runRoutes } from './runs.ts';
import { siteRoutes } from './sites.ts';
import { tenantRoutes } from './tenants.ts';
import { valueMapRoutes } from './value-maps.ts';

/** Everything below `/api/v1`, resource by resource. */
export const resources: readonly (readonly Route[])[] = [
  tenantRoutes,
  siteRoutes,
  agentRoutes,
  connectionRoutes,
  connectionCredentialRoutes,
  blackoutRoutes,
  integrationRoutes,
  integrationFlowRoutes,
  closeCalendarRoutes,
  valueMapRoutes,
  runRequestRoutes,
  runRoutes,
  recordRoutes,
  recordDecisionRoutes,
  overviewRoutes,
  catalogRoutes,
  apiTokenRoutes,
  auditRoutes,
];
