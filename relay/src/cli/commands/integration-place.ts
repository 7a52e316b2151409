import type { Command } from 'commander';
import type { RelayClient } from '../client.ts';
import { idOf, tenantPath } from '../find.ts';

/** Options of commands about one integration. */
export interface Place {
  tenant?: string;
  integration: string;
}

/** Adds the options that name an integration. */
export function ofIntegration(command: Command): Command {
  return command.option('--tenant <name>', 'tenant, by name or id').requiredOption('--integration <name>', 'integration, by name or id');
}

export async function mapsPath(client: RelayClient, place: Place): Promise<string> {
  return `${await integrationPath(client, place)}/value-maps`;
}

export async function integrationPath(client: RelayClient, { tenant: named, integration }: Place): Promise<string> {
  const tenant = await tenantPath(client, named);
  return `${tenant}/integrations/${await idOf(client, { tenant, kind: 'integrations', name: integration })}`;
}
