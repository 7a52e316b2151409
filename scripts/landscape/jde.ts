import type { Cin7Process } from './cin7-process.ts';
import { setValueMap, type Customer, type Site, type StateCounts } from './customer.ts';
import { jdeAccountFlow, jdeFlows, jdeName, jdeOrderFlow, jdeSupplierFlow, type JdeFlow } from './jde-flows.ts';
import type { Landscape } from './landscape.ts';
import { waitFor } from './wait-for.ts';

/** A customer whose JD Edwards is connected with a company of Cin7 Core. */
export interface JdeCustomer extends Pick<Customer, 'path' | 'siteId' | 'integrationId' | 'cin7ConnectionId'> {
  jdeConnectionId: string;
  cin7: Cin7Process;
  environment: string;
}

export interface JdeSettings {
  /** The Cin7 company, and its connection where there is one already; default: the landscape's own, connected anew. */
  cin7?: { process: Cin7Process; connectionId?: string };
  /** Further settings of each flow. */
  flowSettings?: Partial<Record<JdeFlow, Record<string, unknown>>>;
  /** Further settings of the connection to JD Edwards. */
  connectionSettings?: Record<string, unknown>;
  everySeconds?: number;
  /** Left out of the value maps, as if nobody had thought of them: `{ 'payment-terms': ['ZZZ'] }`. */
  forgotten?: Partial<Record<string, readonly string[]>>;
  /** Given to the agent through the relay, sealed; default: the right one. */
  password?: string;
}

/**
 * The connection to JD Edwards with its password sealed to the agent, the products and accounts that the customer keeps in Cin7 Core, and the
 * integration with everything mapped. Nothing runs before `startJdeFlows`.
 */
export async function setUpJde(
  landscape: Landscape,
  site: Pick<Site, 'path' | 'siteId'>,
  settings: JdeSettings = {},
): Promise<JdeCustomer> {
  const { flowSettings = {}, connectionSettings = {}, everySeconds = 3600, forgotten = {} } = settings;
  const { jde, relay } = landscape;
  const { api } = relay;
  const { path, siteId } = site;
  const { environment, password } = jde.credentials;
  const cin7 = settings.cin7?.process ?? landscape.cin7;
  const { id: jdeConnectionId } = await api.post<{ id: string }>(`${path}/connections`, {
    system: 'jde',
    name: `JD Edwards ${environment}`,
    siteId,
    settings: { agentSystem: jdeName, environment, ...connectionSettings },
  });
  await api.put(`${path}/connections/${jdeConnectionId}/credential`, { password: settings.password ?? password });
  const cin7ConnectionId = settings.cin7?.connectionId ?? (await connectCin7(landscape, path, cin7));
  await cin7.putProducts(jdeProducts.map((product) => ({ ...product, Name: product.SKU })));
  const objects = await openJdeAccounts(landscape, cin7);
  const { id: integrationId } = await api.post<{ id: string }>(`${path}/integrations`, {
    name: 'JD Edwards to Cin7',
    sourceConnectionId: jdeConnectionId,
    targetConnectionId: cin7ConnectionId,
    flows: jdeFlows.map((flowId) => ({
      flowId,
      enabled: false,
      settings: { ...usualSettings[flowId], ...flowSettings[flowId] },
      schedule: { everySeconds },
    })),
  });
  const customer = { path, siteId, integrationId, cin7ConnectionId, jdeConnectionId, cin7, environment };
  const maps = { ...jdeValueMaps, accounts: Object.fromEntries(objects.map((object) => [object, object])) };
  for (const [valueMapId, entries] of Object.entries(maps)) {
    const known = Object.entries(entries).filter(([code]) => !forgotten[valueMapId]?.includes(code));
    await setValueMap(landscape, customer, valueMapId, Object.fromEntries(known));
  }
  return customer;
}

async function connectCin7({ relay }: Landscape, path: string, cin7: Cin7Process): Promise<string> {
  const { connectionSettings: settings } = cin7;
  const { id } = await relay.api.post<{ id: string }>(`${path}/connections`, { system: 'cin7-core', name: 'Cin7 Core of JDE', settings });
  return id;
}

/** Opens an account in Cin7 for each object account; answers their numbers, which are the same on both sides. */
async function openJdeAccounts({ jde }: Landscape, cin7: Cin7Process): Promise<string[]> {
  const names = new Map((await jde.rows('F0901')).toReversed().map((row) => [row['OBJ'] ?? '', row['DL01'] ?? '']));
  const accounts = [...names].map(([Code, Name]) => ({ Code, Name: `${Code} ${Name}`, Type: 'EXPENSE', Class: 'EXPENSE' }));
  await cin7.openAccounts(accounts);
  return accounts.map(({ Code }) => Code);
}

export async function startJdeFlows(
  { relay }: Landscape,
  { path, integrationId }: JdeCustomer,
  flows: readonly JdeFlow[] = jdeFlows,
): Promise<void> {
  for (const flowId of flows) await relay.api.patch(`${path}/integrations/${integrationId}/flows/${flowId}`, { enabled: true });
}

export interface JdeRun {
  id: string;
  flowId: string;
  state: string;
  read: number;
  new: number;
  problem: { code: string; message: string } | null;
}

/** The newest run of a flow, if there was one. */
export async function newestJdeRun(
  { relay }: Landscape,
  { path, integrationId }: JdeCustomer,
  flowId: JdeFlow,
): Promise<JdeRun | undefined> {
  const page = await relay.api.get<{ items: JdeRun[] }>(`${path}/runs?integrationId=${integrationId}&flowId=${flowId}&limit=1`);
  return page.items[0];
}

export interface JdeRecord {
  id: string;
  key: string;
  label: string;
  version: number;
  state: keyof StateCounts;
  targetId: string | null;
  reasons: { code: string; message: string; missing: { valueMapId: string; code: string } | null }[];
}

export function jdeRecords({ relay }: Landscape, { path, integrationId }: JdeCustomer, flowId: JdeFlow, filter = ''): Promise<JdeRecord[]> {
  return relay.api.all<JdeRecord>(`${path}/records?integrationId=${integrationId}&flowId=${flowId}${filter && `&${filter}`}`);
}

/**
 * Whether nothing moves any more: the newest run of each flow has succeeded, and no record can move by itself. Orders in `heldUp`, by number, may
 * wait: something keeps them on purpose.
 */
export async function isJdeAtRest(
  landscape: Landscape,
  customer: JdeCustomer,
  { flows = jdeFlows, heldUp = new Set() }: { flows?: readonly JdeFlow[]; heldUp?: ReadonlySet<string> } = {},
): Promise<boolean> {
  const records = `${customer.path}/records?integrationId=${customer.integrationId}`;
  const { items } = await landscape.relay.api.get<{ items: JdeRecord[] }>(`${records}&state=pending,posting,failed,uncertain&limit=1`);
  if (items.length > 0) return false;
  const waiting = await landscape.relay.api.all<JdeRecord>(`${records}&state=waiting`);
  if (waiting.some(({ key }) => !heldUp.has(key.split('-')[2] ?? ''))) return false;
  const runs = await Promise.all(flows.map((flowId) => newestJdeRun(landscape, customer, flowId)));
  return runs.every((run) => run?.state === 'succeeded');
}

/** Asks for a run of each flow and resolves when all came to rest; rejects when one of them failed. */
export async function runJdeFlows(
  landscape: Landscape,
  customer: JdeCustomer,
  {
    flows = jdeFlows,
    mode = 'changes',
    heldUp,
  }: { flows?: readonly JdeFlow[]; mode?: 'changes' | 'sweep' | 'full'; heldUp?: ReadonlySet<string> } = {},
): Promise<void> {
  const { path, integrationId } = customer;
  const before = new Map<JdeFlow, string | undefined>();
  for (const flowId of flows) {
    before.set(flowId, (await newestJdeRun(landscape, customer, flowId))?.id);
    await landscape.relay.api.post(`${path}/runs`, { integrationId, flowId, mode });
  }
  for (const flowId of flows)
    await waitFor(`a run of ${flowId}`, async () => {
      const run = await newestJdeRun(landscape, customer, flowId);
      return run && run.id !== before.get(flowId) && run.state !== 'running';
    });
  await waitFor('everything of JD Edwards to come to rest', () =>
    isJdeAtRest(landscape, customer, { flows, ...(heldUp ? { heldUp } : {}) }),
  );
}

const usualSettings: Record<JdeFlow, Record<string, unknown>> = {
  [jdeSupplierFlow]: { taxRule: 'Tax on Purchases', accountPayable: '800', defaultCurrency: 'EUR', defaultCountry: 'Germany' },
  [jdeOrderFlow]: {
    companies: ['00100', '00200', '00300'],
    orderTypes: ['OP', 'O2'],
    startDate: '2024-01-01',
    roundingCharge: 'Handling',
    waitCheckMinutes: 1,
  },
  [jdeAccountFlow]: {},
};

/** What is bought, with the unit that Cin7 Core keeps it in; of some that is another one than JD Edwards', so many of which make one. */
export const jdeProducts = [
  { SKU: '210', UOM: 'EA', unit: 'EA', perUnit: '1' },
  { SKU: '220', UOM: 'EA', unit: 'EA', perUnit: '1' },
  { SKU: '2001', UOM: 'EA', unit: 'EA', perUnit: '1' },
  { SKU: 'SCHRAUBE-M8', UOM: 'CS', unit: 'EA', perUnit: '100' },
  { SKU: 'FARBE-RAL5010', UOM: 'LT', unit: 'LT', perUnit: '1' },
  { SKU: 'STEEL-S235', UOM: 'TN', unit: 'KG', perUnit: '1000' },
  { SKU: 'KABEL-3G15', UOM: 'MT', unit: 'MT', perUnit: '1' },
  { SKU: 'PAPER-A4', UOM: 'EA', unit: 'EA', perUnit: '1' },
  { SKU: '中文零件-07', UOM: 'EA', unit: 'EA', perUnit: '1' },
  { SKU: 'GLOVES-L', UOM: 'PR', unit: 'PR', perUnit: '1' },
  { SKU: 'SERVO-9000', UOM: 'EA', unit: 'EA', perUnit: '1' },
  { SKU: 'O-RING-12', UOM: 'EA', unit: 'EA', perUnit: '1' },
] as const;

/** What a customer would enter for the codes of the simulated JD Edwards. */
export const jdeValueMaps = {
  'payment-terms': {
    '(empty)': 'Payable immediately',
    '001': '14 days',
    '002': '30 days',
    '003': '14 days 2%, 30 days net',
    '004': '60 days',
    '005': '14 days',
    N45: '45 days',
    EOM: '30 days end of month',
    ZZZ: '90 days',
  } as Record<string, string>,
  countries: { UK: 'United Kingdom', PRC: 'China' } as Record<string, string>,
  'tax-rules': { DE19: 'Tax on Purchases', '-': 'Tax on Purchases', N: 'Tax Exempt' },
  units: {
    ...Object.fromEntries(['EA', 'LT', 'KG', 'MT', 'PR'].map((unit) => [unit, unit])),
    ...Object.fromEntries(
      jdeProducts.flatMap(({ SKU, UOM, unit, perUnit }) => (perUnit === '1' ? [] : [[`${SKU}/${unit}`, `1/${perUnit} x ${UOM}`]])),
    ),
  } as Record<string, string>,
  locations: { '30': 'Lager Köln', '40': 'Main Warehouse', M50: 'Lager München' } as Record<string, string>,
  charges: { F: 'Freight', N: 'Handling', J: 'Account charge' },
};
