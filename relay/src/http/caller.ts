/** From the least to the most allowed. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Who asks, as an API token says. */
export interface Caller {
  tokenId: string;
  name: string;
  /** null: all tenants. */
  tenantId: string | null;
  role: Role;
}

export function mayAct(caller: Caller, role: Role): boolean {
  return roles.indexOf(caller.role) >= roles.indexOf(role);
}

/** As it stands in audit events. */
export function actorOf(caller: Caller): string {
  return `token:${caller.tokenId}`;
}
