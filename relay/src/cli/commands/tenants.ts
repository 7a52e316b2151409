import { InvalidArgumentError, type Command } from 'commander';
import { action } from '../context.ts';
import { idOf, tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';

interface Named {
  id: string;
  name: string;
  createdAt: string;
}

interface IssuedToken {
  token: string;
  expiresAt: string;
  command: string;
}

/** Tenants, sites, and the tokens that agents enrol with. */
export function addTenants(program: Command, io: CommandLineIo): void {
  const tenants = program.command('tenants').description('customers of this relay');
  tenants
    .command('add <name>')
    .description('make a tenant')
    .action(
      action(io, async ({ client, print }, _options: object, name: string) => {
        print(await client.send<Named>('POST', '/tenants', { name }), ({ id }) => id);
      }),
    );
  tenants
    .command('list')
    .description('all tenants')
    .action(
      action(io, async ({ client, printList }) => {
        printList(await client.list<Named>('/tenants'), ({ id, name, createdAt }) => ({ name, id, created: createdAt }));
      }),
    );
  const sites = program.command('sites').description("places in a customer's network, each served by agents");
  sites
    .command('add <name>')
    .description('make a site')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption, name: string) => {
        print(await client.send<Named>('POST', `${await tenantPath(client, tenant)}/sites`, { name }), ({ id }) => id);
      }),
    );
  sites
    .command('list')
    .description('sites of a tenant')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, printList }, { tenant }: TenantOption) => {
        const found = await client.list<Named>(`${await tenantPath(client, tenant)}/sites`);
        printList(found, ({ id, name, createdAt }) => ({ name, id, created: createdAt }));
      }),
    );
  program
    .command('enroll-token')
    .description('one-time token that lets one agent enrol at a site')
    .option('--tenant <name>', 'tenant, by name or id')
    .requiredOption('--site <name>', 'site, by name or id')
    .option('--valid-minutes <count>', 'how long it can be used', minutes, 60)
    .action(
      action(
        io,
        async ({ client, print }, { tenant: named, site, validMinutes }: TenantOption & { site: string; validMinutes: number }) => {
          const tenant = await tenantPath(client, named);
          const siteId = await idOf(client, { tenant, kind: 'sites', name: site });
          const issued = await client.send<IssuedToken>('POST', `${tenant}/sites/${siteId}/enroll-tokens`, { validMinutes });
          io.stderr.write(`good for one agent until ${issued.expiresAt}; on the customer's machine: ml-agent enroll <token>\n`);
          print(issued, ({ token }) => token);
        },
      ),
    );
}

function minutes(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of minutes.');
  return Number(text);
}
