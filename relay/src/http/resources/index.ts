import type { Route } from '../route.ts';
import { agentRoutes } from './agents.ts';
import { alertChannelRoutes } from './alert-channels.ts';
import { alertRoutes } from './alerts.ts';
import { apiTokenRoutes } from './api-tokens.ts';
import { auditTrailRoutes } from './audit-trail.ts';
import { auditRoutes } from './audit.ts';
import { blackoutRoutes } from './blackouts.ts';
import { catalogRoutes } from './catalog.ts';
import { closeCalendarRoutes } from './close-calendars.ts';
import { connectionCredentialRoutes } from './connection-credentials.ts';
import { connectionTrialRoutes } from './connection-trials.ts';
import { connectionWebhookRoutes } from './connection-webhooks.ts';
import { connectionRoutes } from './connections.ts';
import { dryRunRoutes } from './dry-runs.ts';
import { integrationFlowRoutes } from './integration-flows.ts';
import { integrationFlowPauseRoutes } from './integration-flow-pauses.ts';
import { integrationRoutes } from './integrations.ts';
import { mappingDraftRoutes } from './mapping-drafts.ts';
import { linkRoutes } from './links.ts';
import { meRoutes } from './me.ts';
import { overrideRoutes } from './overrides.ts';
import { overviewPartRoutes } from './overview-parts.ts';
import { overviewRoutes } from './overview.ts';
import { peopleRoutes } from './people.ts';
import { reconciliationRoutes } from './reconciliations.ts';
import { recordCountRoutes } from './record-counts.ts';
import { recordDecisionRoutes } from './record-decisions.ts';
import { recordStoryRoutes } from './record-story.ts';
import { recordRoutes } from './records.ts';
import { causeRoutes, replayRoutes } from './replays.ts';
import { runRequestRoutes } from './run-requests.ts';
import { runRoutes } from './runs.ts';
import { sessionRoutes } from './session.ts';
import { signInMethodRoutes } from './sign-in-methods.ts';
import { siteRoutes } from './sites.ts';
import { tenantRoutes } from './tenants.ts';
import { valueMapFileRoutes } from './value-map-files.ts';
import { valueMapOverviewRoutes } from './value-map-overview.ts';
import { valueMapRoutes } from './value-maps.ts';

/** Everything below `/api/v1`, resource by resource. */
export const resources: readonly (readonly Route[])[] = [
  tenantRoutes,
  siteRoutes,
  agentRoutes,
  connectionRoutes,
  connectionTrialRoutes,
  connectionCredentialRoutes,
  connectionWebhookRoutes,
  blackoutRoutes,
  integrationRoutes,
  integrationFlowRoutes,
  integrationFlowPauseRoutes,
  closeCalendarRoutes,
  valueMapOverviewRoutes,
  valueMapRoutes,
  valueMapFileRoutes,
  overrideRoutes,
  mappingDraftRoutes,
  dryRunRoutes,
  runRequestRoutes,
  runRoutes,
  reconciliationRoutes,
  // Before the records: `causes` and `counts` stand where an id would.
  causeRoutes,
  recordCountRoutes,
  recordRoutes,
  replayRoutes,
  recordStoryRoutes,
  recordDecisionRoutes,
  overviewRoutes,
  overviewPartRoutes,
  catalogRoutes,
  apiTokenRoutes,
  signInMethodRoutes,
  sessionRoutes,
  linkRoutes,
  meRoutes,
  peopleRoutes,
  auditRoutes,
  auditTrailRoutes,
  alertRoutes,
  alertChannelRoutes,
];
