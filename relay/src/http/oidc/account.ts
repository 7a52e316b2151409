import type { OidcConfig } from '../../config/index.ts';
import {
  addPerson,
  atLeast,
  findPerson,
  findPersonByIdentity,
  hasIdentityOf,
  linkIdentity,
  type Grants,
  type Person,
  type Role,
} from '../../people/index.ts';
import { auditPerson } from '../audit.ts';
import { ApiError } from '../problem.ts';
import type { Services } from '../services.ts';
import type { Claims } from './provider.ts';

/**
 * The account of whom the provider vouches for: the one that is linked, else the one with the same verified address, else a new one where
 * the configuration allows it. Rejects with an ApiError that says why there is none.
 */
export async function accountOf(services: Services, settings: OidcConfig, claims: Claims, from: string): Promise<Person> {
  checkDomain(settings, claims);
  const person =
    (await findPersonByIdentity(services, claims)) ??
    (await linkByAddress(services, claims, from)) ??
    (await create(services, settings, claims, from));
  if (person.row.disabled_at !== null) throw refused('ACCOUNT_DISABLED', `the account ${person.row.email} is disabled`);
  return person;
}

function checkDomain({ allowedDomains }: OidcConfig, claims: Claims): void {
  if (!allowedDomains) return;
  const domain = verifiedAddress(claims).split('@').at(-1)?.toLowerCase() ?? '';
  if (!allowedDomains.some((allowed) => allowed.toLowerCase() === domain))
    throw refused('OIDC_DOMAIN', `addresses of ${domain} are not let in (oidc.allowedDomains)`);
}

/** Anybody can enter anybody's address at some providers; only a verified one says whose account it is. */
function verifiedAddress({ email, isEmailVerified }: Claims): string {
  if (email === undefined) throw refused('OIDC_EMAIL', 'the identity provider tells no e-mail address');
  if (!isEmailVerified) throw refused('OIDC_EMAIL', `the identity provider does not say that ${email} is verified (email_verified)`);
  return email;
}

async function linkByAddress(services: Services, claims: Claims, from: string): Promise<Person | undefined> {
  const person = await findPerson(services, { email: verifiedAddress(claims) });
  if (!person || person.row.disabled_at !== null) return person;
  // An address that was given to somebody else must not bring the account along.
  if (await hasIdentityOf(services, person.row.id, claims.issuer))
    throw refused('OIDC_OTHER_IDENTITY', `the account ${person.row.email} belongs to somebody else of this provider`);
  await link(services, person.row.id, claims, from);
  return person;
}

async function create(services: Services, { createPeople }: OidcConfig, claims: Claims, from: string): Promise<Person> {
  const email = verifiedAddress(claims);
  const grants = await grantsFor(services, createPeople?.roles ?? [], claims.groups);
  if (!grants) throw refused('OIDC_NO_ACCOUNT', `there is no account for ${email}, and no group that makes one`);
  const personId = await addPerson(services, { email, name: (claims.name ?? email).slice(0, 100), grants });
  await auditPerson(services, { actor: `person:${personId}`, kind: 'people.add-by-oidc', from, email, groups: claims.groups });
  await link(services, personId, claims, from);
  const made = await findPerson(services, { id: personId });
  if (!made) throw refused('OIDC_NO_ACCOUNT', `the account for ${email} is gone again`);
  return made;
}

async function link(services: Services, personId: string, { issuer, subject, email }: Claims, from: string): Promise<void> {
  await linkIdentity(services, personId, { issuer, subject });
  await auditPerson(services, { actor: `person:${personId}`, kind: 'people.link-identity', from, issuer, subject, email });
}

type GroupRole = NonNullable<OidcConfig['createPeople']>['roles'][number];

/** The most that the groups give; undefined: nothing. Tenants that are gone give nothing. */
async function grantsFor({ store }: Services, map: readonly GroupRole[], groups: readonly string[]): Promise<Grants | undefined> {
  const given = map.filter(({ group }) => groups.includes(group));
  const known = new Set((await store.db.selectFrom('tenant').select('id').execute()).map(({ id }) => id));
  let everywhere: Role | null = null;
  const tenants = new Map<string, Role>();
  for (const { role, tenant } of given) {
    if (tenant === undefined) everywhere = larger(everywhere, role);
    else if (known.has(tenant)) tenants.set(tenant, larger(tenants.get(tenant) ?? null, role));
  }
  return everywhere === null && tenants.size === 0 ? undefined : { everywhere, tenants };
}

function larger(one: Role | null, other: Role): Role {
  return one !== null && atLeast(one, other) ? one : other;
}

function refused(code: string, detail: string): ApiError {
  return new ApiError(403, code, detail, { fix: 'Ask an administrator of this relay.' });
}
