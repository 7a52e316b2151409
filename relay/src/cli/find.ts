import type { RelayClient } from './client.ts';
import { UsageError } from './failure.ts';

interface Named {
  id: string;
  name: string;
}

/** Path of the tenant that was named, by name or id; without a name, of the only one there is. */
export async function tenantPath(client: RelayClient, tenant: string | undefined): Promise<string> {
  if (tenant?.startsWith('ten_')) return `/tenants/${tenant}`;
  const tenants = await client.list<Named>('/tenants', tenant === undefined ? {} : { name: tenant });
  const [first, ...others] = tenants;
  if (first && others.length === 0) return `/tenants/${first.id}`;
  if (tenant !== undefined) throw new UsageError(`there is no tenant "${tenant}"; ml-relay tenants list shows them`);
  throw new UsageError(
    first ? 'there are several tenants; name one with --tenant' : 'there is no tenant yet; make one with: ml-relay tenants add <name>',
  );
}

/** Id of one of a tenant's sites, agents, connections or integrations, by name or id. */
export async function idOf(
  client: RelayClient,
  { tenant, kind, name }: { tenant: string; kind: 'sites' | 'agents' | 'connections' | 'integrations'; name: string },
): Promise<string> {
  if (/^(sit|agt|con|int)_/.test(name)) return name;
  const found = (await client.list<Named>(`${tenant}/${kind}`)).filter((one) => one.name === name);
  const [first, ...others] = found;
  if (first && others.length === 0) return first.id;
  const one = kind.slice(0, -1);
  throw new UsageError(
    first
      ? `several ${kind} are named "${name}"; give the id`
      : `there is no ${one} "${name}" in this tenant; ml-relay ${kind} list shows them`,
  );
}
