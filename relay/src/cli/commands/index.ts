import type { Command } from 'commander';
import type { CommandLineIo } from '../io.ts';
import { addAgents } from './agents.ts';
import { addApiTokens } from './api-tokens.ts';
import { addCatalog } from './catalog.ts';
import { addConnections } from './connections.ts';
import { addIntegrations } from './integrations.ts';
import { addLocal } from './local.ts';
import { addOverview } from './overview.ts';
import { addRecords } from './records.ts';
import { addRuns } from './runs.ts';
import { addTenants } from './tenants.ts';
import { addValueMaps } from './value-maps.ts';

/** Adds every command, in the order in which the help lists them. */
export function addCommands(program: Command, io: CommandLineIo): void {
  for (const add of [
    addLocal,
    addOverview,
    addTenants,
    addAgents,
    addConnections,
    addIntegrations,
    addValueMaps,
    addRuns,
    addRecords,
    addApiTokens,
    addCatalog,
  ])
    add(program, io);
}
