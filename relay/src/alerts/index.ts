export * from './channels/index.ts';
export { Deliveries, testChannel, type ChannelFailure, type DeliverDeps } from './deliver.ts';
export { endingsOf, type Ending } from './endings.ts';
export type { Finding } from './finding.ts';
export { sendAnchor } from './outbox.ts';
export * from './rule-settings.ts';
export { rules, type Rule } from './rules/index.ts';
export { evaluateAlerts, runAlerts, type AlertDeps } from './run-alerts.ts';
export * from './settings.ts';
