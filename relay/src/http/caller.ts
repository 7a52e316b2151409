import { atLeast, roleIn, type Grants, type Role, type SignedIn } from '../people/index.ts';

/** Who asks: a program with an API token, or a person who is signed in. */
export interface Caller {
  /** As it stands in audit events: `token:tok_…`, `person:per_…`. */
  actor: string;
  name: string;
  grants: Grants;
  /** In the tenant that the address names; where it names none, the largest held anywhere. */
  role: Role;
  /** Left out for programs. */
  signedIn?: SignedIn;
}

export type Identity = Omit<Caller, 'role'>;

export function mayAct(caller: Caller, role: Role): boolean {
  return atLeast(caller.role, role);
}

export function actorOf({ actor }: Pick<Caller, 'actor'>): string {
  return actor;
}

/** The tenants in which the caller has at least this role; undefined: all. */
export function tenantsOf({ grants }: Pick<Caller, 'grants'>, role: Role): string[] | undefined {
  if (grants.everywhere !== null && atLeast(grants.everywhere, role)) return undefined;
  return [...grants.tenants.keys()].filter((tenantId) => atLeast(roleIn(grants, tenantId) ?? role, role));
}

/** The caller's own tenant, where there is exactly one. */
export function onlyTenantOf({ grants }: Pick<Caller, 'grants'>): string | undefined {
  const [tenantId] = grants.tenants.keys();
  return grants.everywhere === null && grants.tenants.size === 1 ? tenantId : undefined;
}
