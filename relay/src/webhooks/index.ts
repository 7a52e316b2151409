export * from './endpoints.ts';
export { isKeepDue, keepSubscriptions, removeSubscriptions, type OpenConnection } from './keeper.ts';
export { openWebhooks, type WebhookReceiver, type WebhookReceiverDeps } from './receiver.ts';
export { webhookStatus, type WebhookStatus } from './status.ts';
export { bucketMs, refusedOutcomes, webhookOutcomes, type WebhookOutcome } from './tally.ts';
