import { useApi } from '../api/index.ts';
import { useWho } from './who.tsx';

export interface Names {
  /** Title of a flow for people; its id as long as it is not known. */
  flow: (flowId: string) => string;
  integration: (integrationId: string) => string;
  connection: (connectionId: string) => string;
  site: (siteId: string) => string;
}

/** What things are called, by id. Asked for once and kept. */
export function useNames(): Names {
  const path = { tenantId: useWho().tenantId };
  const query = { limit: 500 };
  const flows = useApi('flows.list').data?.items;
  const integrations = useApi('integrations.list', { path, query }).data?.items;
  const connections = useApi('connections.list', { path, query }).data?.items;
  const sites = useApi('sites.list', { path, query }).data?.items;
  return {
    flow: (flowId) => flows?.find(({ id }) => id === flowId)?.title ?? flowId,
    integration: nameIn(integrations),
    connection: nameIn(connections),
    site: nameIn(sites),
  };
}

function nameIn(items: readonly { id: string; name: string }[] | undefined): (id: string) => string {
  return (wanted) => items?.find(({ id }) => id === wanted)?.name ?? wanted;
}
