import { Option, type Command } from 'commander';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import { tenantPath } from '../find.ts';
import type { CommandLineIo } from '../io.ts';

interface ApiToken {
  id: string;
  name: string;
  tenantId: string | null;
  role: string;
  expiresAt: string | null;
  revokedAt: string | null;
  lastUsedAt: string | null;
}

interface AddOptions {
  tenant?: string;
  allTenants?: boolean;
  role: string;
  days?: string;
}

export function addApiTokens(program: Command, io: CommandLineIo): void {
  const tokens = program.command('api-tokens').description("access to the relay's API");
  tokens
    .command('add <name>')
    .description('make a token; it is shown only now')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--all-tenants', 'for all tenants')
    .addOption(
      new Option('--role <role>', 'viewer looks, operator runs and replays, admin changes')
        .choices(['viewer', 'operator', 'admin'])
        .makeOptionMandatory(),
    )
    .option('--days <count>', 'how long it is good (default: until revoked)')
    .action(
      action(io, async ({ client, print }, { tenant, allTenants, role, days }: AddOptions, name: string) => {
        if (tenant !== undefined && allTenants) throw new UsageError('give --tenant or --all-tenants, not both');
        if (days !== undefined && !/^[1-9]\d{0,4}$/.test(days)) throw new UsageError('--days must be a whole number above 0');
        const tenantId = allTenants ? null : (await tenantPath(client, tenant)).replace('/tenants/', '');
        const expiresAt = days === undefined ? null : new Date(Date.now() + Number(days) * 86_400_000).toISOString();
        const made = await client.send<ApiToken & { token: string }>('POST', '/api-tokens', { name, tenantId, role, expiresAt });
        print(made, ({ token }) => token);
      }),
    );
  tokens
    .command('list')
    .description('tokens, without the tokens themselves')
    .action(
      action(io, async ({ client, printList }) => {
        printList(await client.list<ApiToken>('/api-tokens'), ({ id, name, tenantId, role, expiresAt, revokedAt, lastUsedAt }) => ({
          name,
          id,
          tenant: tenantId ?? 'all',
          role,
          state: revokedAt === null ? (expiresAt === null ? 'good' : `good until ${expiresAt}`) : `revoked ${revokedAt}`,
          'last used': lastUsedAt,
        }));
      }),
    );
  tokens
    .command('revoke <id>')
    .description('revoke a token at once')
    .action(
      action(io, async ({ client, print }, _options: object, tokenId: string) => {
        await client.send('DELETE', `/api-tokens/${tokenId}`);
        print({ revoked: tokenId }, () => `${tokenId} is revoked`);
      }),
    );
}
