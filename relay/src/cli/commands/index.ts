import type { Command } from 'commander';
import type { CommandLineIo } from '../io.ts';
import { addAgents } from './agents.ts';
import { addAlerts } from './alerts.ts';
import { addApiTokens } from './api-tokens.ts';
import { addAudit } from './audit.ts';
import { addBlackouts } from './blackouts.ts';
import { addCatalog } from './catalog.ts';
import { addCloseCalendars } from './close-calendars.ts';
import { addConnectionWebhooks } from './connection-webhooks.ts';
import { addConnections } from './connections.ts';
import { addDryRuns } from './dry-runs.ts';
import { addIntegrations } from './integrations.ts';
import { addLocal } from './local.ts';
import { addMappingDrafts } from './mapping-drafts.ts';
import { addOverrides } from './overrides.ts';
import { addOverview } from './overview.ts';
import { addPeople } from './people.ts';
import { addReconcile } from './reconcile.ts';
import { addRecords } from './records.ts';
import { addReplays } from './replays.ts';
import { addRuns } from './runs.ts';
import { addTenants } from './tenants.ts';
import { addValueMaps } from './value-maps.ts';
import { addVerifyAudit } from './verify-audit.ts';

/** Adds every command, in the order in which the help lists them. */
export function addCommands(program: Command, io: CommandLineIo): void {
  for (const add of [
    addLocal,
    addOverview,
    addTenants,
    addAgents,
    addConnections,
    addConnectionWebhooks,
    addBlackouts,
    addIntegrations,
    addCloseCalendars,
    addValueMaps,
    addOverrides,
    addMappingDrafts,
    addRuns,
    addReconcile,
    addDryRuns,
    addRecords,
    addReplays,
    addAlerts,
    addAudit,
    addVerifyAudit,
    addPeople,
    addApiTokens,
    addCatalog,
  ])
    add(program, io);
}
