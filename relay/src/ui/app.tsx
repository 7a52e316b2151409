import { lazy, Suspense, type ComponentType } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Frame, Loading, NotFound, WhoProvider } from './shell/index.ts';

/** Every page is loaded when it is first opened. */
const page = (load: () => Promise<ComponentType>) => lazy(async () => ({ default: await load() }));
const Account = page(async () => (await import('./pages/account/index.ts')).AccountPage);
const Settings = page(async () => (await import('./pages/settings/index.ts')).SettingsPage);
const Alerts = page(async () => (await import('./pages/alerts/index.ts')).AlertsPage);
const Audit = page(async () => (await import('./pages/audit/index.ts')).AuditPage);
const LinkPage = page(async () => (await import('./pages/link/index.ts')).LinkPage);
const Agent = page(async () => (await import('./pages/agent/index.ts')).AgentPage);
const Integration = page(async () => (await import('./pages/integrations/index.ts')).IntegrationPage);
const ReconciliationLead = page(async () => (await import('./pages/integrations/index.ts')).ReconciliationLead);
const RunLead = page(async () => (await import('./pages/integrations/index.ts')).RunLead);
const RunsLead = page(async () => (await import('./pages/integrations/index.ts')).RunsLead);
const Integrations = page(async () => (await import('./pages/integrations/index.ts')).IntegrationsPage);
const Connection = page(async () => (await import('./pages/connections/index.ts')).ConnectionPage);
const Connections = page(async () => (await import('./pages/connections/index.ts')).ConnectionsPage);
const NewConnection = page(async () => (await import('./pages/connections/index.ts')).NewConnectionPage);
const Overrides = page(async () => (await import('./pages/mappings/index.ts')).OverridesPage);
const ValueMap = page(async () => (await import('./pages/mappings/index.ts')).ValueMapPage);
const ValueMaps = page(async () => (await import('./pages/mappings/index.ts')).ValueMapsPage);
const Overview = page(async () => (await import('./pages/overview/index.ts')).OverviewPage);
const Tunnels = page(async () => (await import('./pages/tunnels/index.ts')).TunnelsPage);
const Records = page(async () => (await import('./pages/records/index.ts')).RecordsPage);
const Record = page(async () => (await import('./pages/record/index.ts')).RecordPage);

export function App() {
  return (
    <Switch>
      <Route path="/link">
        <Suspense fallback={<Loading />}>
          <LinkPage />
        </Suspense>
      </Route>
      <Route>
        <Inside />
      </Route>
    </Switch>
  );
}

/** What is seen by somebody who is signed in. */
function Inside() {
  return (
    <WhoProvider>
      <Frame>
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/">
              <Redirect to="/overview" />
            </Route>
            <Route path="/sign-in">
              <Redirect to="/" replace />
            </Route>
            <Route path="/overview" component={Overview} />
            <Route path="/tunnels" component={Tunnels} />
            <Route path="/agents">
              <Redirect to="/tunnels" />
            </Route>
            <Route path="/agents/:agentId" component={Agent} />
            <Route path="/integrations" component={Integrations} />
            <Route path="/integrations/:integrationId" component={Integration} />
            <Route path="/runs" component={RunsLead} />
            <Route path="/runs/:runId" component={RunLead} />
            <Route path="/reconciliations/:reconciliationId" component={ReconciliationLead} />
            <Route path="/alerts/:tab?" component={Alerts} />
            <Route path="/audit/:tab?" component={Audit} />
            <Route path="/settings/:tab?" component={Settings} />
            <Route path="/connections" component={Connections} />
            <Route path="/connections/new/:system" component={NewConnection} />
            <Route path="/connections/:connectionId" component={Connection} />
            <Route path="/mappings" component={ValueMaps} />
            <Route path="/mappings/:integrationId/overrides/:flowId" component={Overrides} />
            <Route path="/mappings/:integrationId/:valueMapId" component={ValueMap} />
            <Route path="/account" component={Account} />
            <Route path="/records" component={Records} />
            <Route path="/records/:recordId" component={Record} />
            <Route component={NotFound} />
          </Switch>
        </Suspense>
      </Frame>
    </WhoProvider>
  );
}
