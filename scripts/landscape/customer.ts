import { waitFor } from './wait-for.ts';
import { sapName, vendorFlow, type Landscape } from './landscape.ts';

/** A tenant whose SAP system is connected: the ids that API calls need. */
export interface Site {
  tenantId: string;
  siteId: string;
  agentId: string;
  sapConnectionId: string;
  /** `/tenants/{tenantId}` */
  path: string;
}

/** A customer of the SAP to Cin7 flows. */
export interface Customer extends Site {
  cin7ConnectionId: string;
  integrationId: string;
}

export interface SiteSettings {
  /** Further settings of the SAP connection. */
  sapSettings?: Record<string, unknown>;
  /** Given to the agent through the relay, sealed; default: the right one. */
  sapPassword?: string;
}

export interface CustomerSettings extends SiteSettings {
  flowSettings?: Record<string, unknown>;
  everySeconds?: number;
}

/** Tenant and site, the agent enrolled and started with its tunnel up, the SAP connection. */
export async function setUpSite(landscape: Landscape, settings: SiteSettings = {}): Promise<Site> {
  const { agent, sap } = landscape;
  const { api } = landscape.relay;
  const { id: tenantId } = await api.post<{ id: string }>('/tenants', { name: 'Nordlicht Handels GmbH' });
  const path = `/tenants/${tenantId}`;
  const { id: siteId } = await api.post<{ id: string }>(`${path}/sites`, { name: 'Köln' });
  const { token } = await api.post<{ token: string }>(`${path}/sites/${siteId}/enroll-tokens`);
  await agent.command(['enroll', '--token-file', '-', '--name', 'sap-bridge-01'], token);
  landscape.own(agent.start());
  const agentId = await connectedAgent(landscape, path);

  const { id: sapConnectionId } = await api.post<{ id: string }>(`${path}/connections`, {
    system: 'sap-ecc',
    name: 'SAP ECC PRD 100',
    siteId,
    settings: { agentSystem: sapName, ...settings.sapSettings },
  });
  const password = settings.sapPassword ?? sap.connectionParameters['passwd'];
  await api.put(`${path}/connections/${sapConnectionId}/credential`, { password });
  return { tenantId, siteId, agentId, sapConnectionId, path };
}

/** A site, the Cin7 connection, the integration. Nothing runs before `startFlow`. */
export async function setUpCustomer(landscape: Landscape, settings: CustomerSettings = {}): Promise<Customer> {
  const { cin7, relay } = landscape;
  const { api } = relay;
  const site = await setUpSite(landscape, settings);
  const { path, sapConnectionId } = site;
  const { id: cin7ConnectionId } = await api.post<{ id: string }>(`${path}/connections`, {
    system: 'cin7-core',
    name: 'Cin7 Core',
    settings: cin7.connectionSettings,
  });
  const { id: integrationId } = await api.post<{ id: string }>(`${path}/integrations`, {
    name: 'SAP to Cin7',
    sourceConnectionId: sapConnectionId,
    targetConnectionId: cin7ConnectionId,
    flows: [
      {
        flowId: vendorFlow,
        enabled: false,
        settings: { taxRule: 'Tax on Purchases', attributeSet: 'SAP', ...settings.flowSettings },
        schedule: { everySeconds: settings.everySeconds ?? 3600 },
      },
    ],
  });
  return { ...site, cin7ConnectionId, integrationId };
}

/** Resolves with the id of the tenant's agent once its tunnel is up. */
export function connectedAgent(landscape: Landscape, path: string): Promise<string> {
  return waitFor('the tunnel to come up', async () => {
    const agents = await landscape.relay.api.all<{ id: string; session: object | null }>(`${path}/agents`);
    return agents.find(({ session }) => session)?.id;
  });
}

export async function startFlow(landscape: Landscape, { path, integrationId }: Customer): Promise<void> {
  await landscape.relay.api.patch(`${path}/integrations/${integrationId}/flows/${vendorFlow}`, { enabled: true });
}

export async function setValueMap(
  landscape: Landscape,
  customer: Pick<Customer, 'path' | 'integrationId'>,
  valueMapId: string,
  entries: Record<string, string>,
): Promise<void> {
  const { path, integrationId } = customer;
  await landscape.relay.api.put(`${path}/integrations/${integrationId}/value-maps/${valueMapId}/entries`, {
    entries: Object.entries(entries).map(([from, to]) => ({ from, to })),
  });
}

export type StateCounts = Partial<
  Record<'pending' | 'posting' | 'uncertain' | 'succeeded' | 'failed' | 'blocked' | 'waiting' | 'skipped', number>
>;

export async function stateCounts(landscape: Landscape, { path }: Pick<Site, 'path'>): Promise<StateCounts> {
  return (await landscape.relay.api.get<{ records: StateCounts }>(`${path}/overview`)).records;
}

/** What a customer would enter for the terms and accounts of the simulated SAP system. */
export const usualPaymentTerms: Record<string, string> = {
  '0001': 'Payable immediately',
  '0002': '14 days 2%, 30 days net',
  NT30: '30 days',
  NT45: '45 days',
  NT60: '60 days',
  ZM15: '30 days end of month',
  Z090: '90 days',
  '(empty)': '30 days',
};
export const usualPayables = Object.fromEntries(['160000', '161000', '162000', '169000'].map((account) => [account, '800']));
