export { FlowRows, Unsettled } from './flow-rows.tsx';
export { IntegrationPage } from './integration-page.tsx';
export { ReconciliationLead, RunLead, RunsLead } from './leads.tsx';
export { IntegrationsPage } from './integrations-page.tsx';
