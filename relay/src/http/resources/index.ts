import type { Route } from '../route.ts';
import { agentRoutes } from './agents.ts';
import { apiTokenRoutes } from './api-tokens.ts';
import { auditRoutes } from './audit.ts';
import { catalogRoutes } from './catalog.ts';
import { connectionCredentialRoutes } from './connection-credentials.ts';
import { connectionRoutes } from './connections.ts';
import { integrationFlowRoutes } from './integration-flows.ts';
import { integrationRoutes } from './integrations.ts';
import { overviewRoutes } from './overview.ts';
import { recordRoutes } from './records.ts';
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
  integrationRoutes,
  integrationFlowRoutes,
  valueMapRoutes,
  runRoutes,
  recordRoutes,
  overviewRoutes,
  catalogRoutes,
  apiTokenRoutes,
  auditRoutes,
];
