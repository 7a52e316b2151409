import { setValueMap, type Customer } from './customer.ts';
import type { Landscape } from './landscape.ts';

export const glFlow = 'sap-gl-documents-to-cin7-journals';

export interface GlFlowSettings {
  /** Default: 1000, whose currency is Cin7's. */
  companyCodes?: string[];
  /** SAP accounts that nobody has mapped, without leading zeros. */
  forgottenAccounts?: string[];
  flowSettings?: Record<string, unknown>;
  everySeconds?: number;
  /** `YYYY-MM-DD`. */
  startDate?: string;
}

/**
 * An integration of its own for general ledger documents, beside the vendors' one on the same connections: the customer's accountants have
 * opened an account in Cin7 for each of SAP's and mapped it. The agent's policy must hold the flow's preset. Nothing runs before `startGlFlow`.
 */
export async function setUpGlFlow(landscape: Landscape, customer: Customer, settings: GlFlowSettings = {}): Promise<Customer> {
  const { companyCodes = ['1000'], forgottenAccounts = [], flowSettings, everySeconds = 3600, startDate = '2024-01-01' } = settings;
  const accounts = await openSapAccounts(landscape, companyCodes);
  const { id: integrationId } = await landscape.relay.api.post<{ id: string }>(`${customer.path}/integrations`, {
    name: 'Ledger',
    sourceConnectionId: customer.sapConnectionId,
    targetConnectionId: customer.cin7ConnectionId,
    flows: [{ flowId: glFlow, enabled: false, settings: { companyCodes, startDate, ...flowSettings }, schedule: { everySeconds } }],
  });
  const ledger = { ...customer, integrationId };
  const mapped = accounts.filter((account) => !forgottenAccounts.includes(account));
  await setValueMap(landscape, ledger, 'gl-accounts', Object.fromEntries(mapped.map((account) => [account, account])));
  return ledger;
}

export async function startGlFlow(landscape: Landscape, { path, integrationId }: Customer): Promise<void> {
  await landscape.relay.api.patch(`${path}/integrations/${integrationId}/flows/${glFlow}`, { enabled: true });
}

/** Opens an account in Cin7 for every account of these company codes; answers their numbers, which are the same on both sides. */
export async function openSapAccounts({ sap, cin7 }: Landscape, companyCodes: readonly string[]): Promise<string[]> {
  const rows = await sap.control.call('rows', { table: 'SKB1' });
  const names = new Map((await sap.control.call('rows', { table: 'SKAT' })).map((row) => [row['SAKNR'], row['TXT50'] ?? '']));
  const numbers = new Set(rows.filter((row) => companyCodes.includes(row['BUKRS'] ?? '')).map((row) => row['SAKNR'] ?? ''));
  const accounts = [...numbers].toSorted().map((number) => ({ Code: withoutZeros(number), Name: `SAP ${names.get(number) ?? number}` }));
  await cin7.openAccounts(accounts.map((account) => ({ ...account, Type: 'CURRLIAB', Class: 'LIABILITY' })));
  return accounts.map(({ Code }) => Code);
}

export function withoutZeros(number: string): string {
  return number.replace(/^0+(?=.)/, '');
}
