/** From the least to the most allowed. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

export function atLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/** What somebody may do: in all tenants and the relay itself, or in single tenants. */
export interface Grants {
  everywhere: Role | null;
  tenants: ReadonlyMap<string, Role>;
}

/** The role in one tenant; undefined: none. */
export function roleIn({ everywhere, tenants }: Grants, tenantId: string): Role | undefined {
  const own = tenants.get(tenantId);
  if (everywhere === null) return own;
  return own !== undefined && atLeast(own, everywhere) ? own : everywhere;
}

/** The largest role held anywhere; undefined for somebody who may do nothing at all. */
export function highestRole({ everywhere, tenants }: Grants): Role | undefined {
  return roles.findLast((role) => everywhere === role || [...tenants.values()].includes(role));
}
