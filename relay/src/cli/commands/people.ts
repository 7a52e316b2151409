import { Option, type Command } from 'commander';
import { action, type Context } from '../context.ts';
import { UsageError } from '../failure.ts';
import { tenantPath } from '../find.ts';
import type { CommandLineIo } from '../io.ts';

interface Person {
  id: string;
  email: string;
  name: string;
  everywhere: string | null;
  hasPassword: boolean;
  hasSecondFactor: boolean;
  disabledAt: string | null;
  lastSignedInAt: string | null;
}

interface Member {
  id: string;
  email: string;
  name: string;
  role: string;
  lastSignedInAt: string | null;
}

interface Link {
  url: string;
  expiresAt: string;
}

interface PlaceOptions {
  tenant?: string;
  allTenants?: boolean;
}

const roles = ['viewer', 'operator', 'admin'];

/** Accounts of people who sign in, what they may do, and the links that set their passwords. */
export function addPeople(program: Command, io: CommandLineIo): void {
  const people = program.command('people').description('people who sign in, and what they may do');
  people
    .command('list')
    .description('all accounts; with --tenant who has a role in it')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(action(io, list));
  inPlace(people.command('add <email>'))
    .description('give somebody a role, and an account where there is none; prints the link that sets the password')
    .requiredOption('--name <name>', 'name, as others see it')
    .addOption(new Option('--role <role>', 'viewer looks, operator runs and replays, admin changes').choices(roles).makeOptionMandatory())
    .action(action(io, add));
  people
    .command('link <email>')
    .description('print a link with which somebody sets a new password; it works once, for three days')
    .action(
      action(io, async ({ client, print }, _options: object, email: string) => {
        const { id } = await personOf({ client }, email);
        print(await client.send<Link>('POST', `/people/${id}/link`), ({ url }) => url);
      }),
    );
  inPlace(people.command('role <email> <role>'))
    .description('change what somebody may do: viewer, operator, admin or none')
    .action(action(io, changeRole));
  for (const [name, isDisabled] of [
    ['disable', true],
    ['enable', false],
  ] as const)
    people
      .command(`${name} <email>`)
      .description(isDisabled ? 'somebody signs in no more, and is signed out at once' : 'somebody signs in again')
      .action(
        action(io, async ({ client, print }, _options: object, email: string) => {
          const { id } = await personOf({ client }, email);
          print(await client.send<Person>('PATCH', `/people/${id}`, { disabled: isDisabled }), () => `${email} is ${name}d`);
        }),
      );
  people
    .command('remove-second-factor <email>')
    .description('for somebody who lost the phone and the recovery codes')
    .action(
      action(io, async ({ client, print }, _options: object, email: string) => {
        const { id } = await personOf({ client }, email);
        await client.send('DELETE', `/people/${id}/second-factor`);
        print({ id }, () => `${email} signs in with the password alone`);
      }),
    );
}

function inPlace(command: Command): Command {
  return command.option('--tenant <name>', 'in this tenant, by name or id').option('--all-tenants', 'in all tenants and the relay itself');
}

async function list({ client, printList }: Context, { tenant }: PlaceOptions): Promise<void> {
  if (tenant !== undefined) {
    const members = await client.list<Member>(`${await tenantPath(client, tenant)}/people`);
    printList(members, ({ email, name, role, id, lastSignedInAt }) => ({ email, name, role, id, 'last signed in': lastSignedInAt }));
    return;
  }
  printList(await client.list<Person>('/people'), ({ email, name, everywhere, id, lastSignedInAt, ...person }) => ({
    email,
    name,
    'in all tenants': everywhere,
    state: person.disabledAt === null ? 'good' : `disabled ${person.disabledAt}`,
    password: person.hasPassword,
    'second factor': person.hasSecondFactor,
    id,
    'last signed in': lastSignedInAt,
  }));
}

async function add(
  { client, print }: Context,
  { tenant, allTenants, name, role }: PlaceOptions & { name: string; role: string },
  email: string,
): Promise<void> {
  refuseBoth({ tenant, allTenants });
  const made = allTenants
    ? await client.send<{ id: string; link: Link }>('POST', '/people', { email, name, everywhere: role })
    : await client.send<{ id: string; link: Link | null }>('POST', `${await tenantPath(client, tenant)}/people`, { email, name, role });
  print(made, ({ link }) => link?.url ?? `${email} has an account already, and signs in as before`);
}

async function changeRole({ client, print }: Context, { tenant, allTenants }: PlaceOptions, email: string, role: string): Promise<void> {
  refuseBoth({ tenant, allTenants });
  if (![...roles, 'none'].includes(role)) throw new UsageError(`there is no role "${role}"; roles are ${roles.join(', ')}, or none`);
  if (allTenants) {
    const { id } = await personOf({ client }, email);
    const everywhere = role === 'none' ? null : role;
    print(await client.send<Person>('PATCH', `/people/${id}`, { everywhere }), () => `${email} has ${role} in all tenants`);
    return;
  }
  const members = `${await tenantPath(client, tenant)}/people`;
  const member = (await client.list<Member>(members)).find((one) => isSame(one.email, email));
  if (!member) throw new UsageError(`"${email}" has no role in this tenant; give one with: ml-relay people add`);
  await (role === 'none' ? client.send('DELETE', `${members}/${member.id}`) : client.send('PATCH', `${members}/${member.id}`, { role }));
  print({ id: member.id, role }, () => `${email} has ${role} in this tenant`);
}

function refuseBoth({ tenant, allTenants }: { tenant: string | undefined; allTenants: boolean | undefined }): void {
  if (tenant !== undefined && allTenants) throw new UsageError('give --tenant or --all-tenants, not both');
}

async function personOf({ client }: Pick<Context, 'client'>, email: string): Promise<Person> {
  const [person] = await client.list<Person>('/people', { email });
  if (!person) throw new UsageError(`nobody signs in as "${email}"; ml-relay people list shows who does`);
  return person;
}

function isSame(one: string, other: string): boolean {
  return one === other.trim().toLowerCase();
}
