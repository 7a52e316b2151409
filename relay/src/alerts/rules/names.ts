import type { RuleDeps } from './rule.ts';

/** Names flows as people know them: `SAP vendors to Cin7 suppliers (Lieferanten)`. */
export async function flowNames(
  { store, flowTitles }: RuleDeps,
  tenantId: string,
): Promise<(integrationId: string, flowId: string) => string> {
  const rows = await store.db.selectFrom('integration').select(['id', 'name']).where('tenant_id', '=', tenantId).execute();
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (integrationId, flowId) => `${flowTitles.get(flowId) ?? flowId} (${names.get(integrationId) ?? integrationId})`;
}

export function records(count: number): string {
  return count === 1 ? '1 record' : `${count} records`;
}

/** `40 minutes`, `26 hours`, `9 days`. */
export function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours < 72 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}
