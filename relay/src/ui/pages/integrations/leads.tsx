import { Redirect, useParams, useSearchParams } from 'wouter';
import { useApi } from '../../api/index.ts';
import { Loading, ProblemView, useWho } from '../../shell/index.ts';

/** Alerts name a run: it stands among the runs of its flow. */
export function RunLead() {
  const { runId } = useParams<{ runId: string }>();
  const run = useApi('runs.get', { path: { tenantId: useWho().tenantId, runId } });
  if (run.error) return <ProblemView problem={run.error.problem} />;
  if (!run.data) return <Loading />;
  return <Redirect to={addressOf(run.data, 'runs')} replace />;
}

/** Alerts name the runs of a flow: `/runs?integrationId=…&flowId=…`. */
export function RunsLead() {
  const [search] = useSearchParams();
  const integrationId = search.get('integrationId');
  if (integrationId === null) return <Redirect to="/integrations" replace />;
  return <Redirect to={addressOf({ integrationId, flowId: search.get('flowId') ?? '' }, 'runs')} replace />;
}

/** Alerts name a comparison: it stands at its flow. */
export function ReconciliationLead() {
  const { reconciliationId } = useParams<{ reconciliationId: string }>();
  const found = useApi('reconciliations.get', { path: { tenantId: useWho().tenantId, reconciliationId } });
  if (found.error) return <ProblemView problem={found.error.problem} />;
  if (!found.data) return <Loading />;
  return <Redirect to={`${addressOf(found.data, 'reconciliation')}&reconciliation=${reconciliationId}`} replace />;
}

function addressOf({ integrationId, flowId }: { integrationId: string; flowId: string }, tab: string): string {
  return `/integrations/${integrationId}?${new URLSearchParams({ flow: flowId, tab }).toString()}`;
}
