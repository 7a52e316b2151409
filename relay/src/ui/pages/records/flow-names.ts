import { useMemo } from 'react';
import { useApi } from '../../api/index.ts';
import { useWho } from '../../shell/index.ts';

export interface FlowName {
  integrationId: string;
  flowId: string;
  /** `SAP vendors to Cin7 Core suppliers`. */
  title: string;
  integration: string;
}

/** Flows of the tenant's integrations, by name. */
export function useFlowNames(): { flows: FlowName[]; nameOf: (flow: { integrationId: string; flowId: string }) => FlowName } {
  const { tenantId } = useWho();
  const { data } = useApi('integrations.list', { path: { tenantId }, query: { limit: 500 } });
  return useMemo(() => {
    const flows = (data?.items ?? []).flatMap(({ id, name, flows: own }) =>
      own.map(({ flowId, title }) => ({ integrationId: id, flowId, title, integration: name })),
    );
    const byId = new Map(flows.map((flow) => [`${flow.integrationId} ${flow.flowId}`, flow]));
    return {
      flows,
      nameOf: ({ integrationId, flowId }) =>
        byId.get(`${integrationId} ${flowId}`) ?? { integrationId, flowId, title: flowId, integration: '' },
    };
  }, [data]);
}
