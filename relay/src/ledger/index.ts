export {
  acknowledgeNow,
  acknowledgementOf,
  dueAcknowledgements,
  endAcknowledgement,
  type Acknowledgement,
  type AcknowledgementEnd,
} from './acknowledgements.ts';
export type { AppliedResult } from './after-success.ts';
export * from './clock-set.ts';
export * from './connections.ts';
export * from './decisions.ts';
export * from './dirty-keys.ts';
export * from './events.ts';
export { intake, type FlowRef, type IntakeBatch, type IntakeCounts } from './intake.ts';
export * from './links.ts';
export { heldSince, holdConnections, leaveConnections, type Holder } from './leases.ts';
export * from './nodes.ts';
export { earlierErrors, lastAttempt, lastPosted, sentVersions } from './attempts.ts';
export * from './begin-posting.ts';
export { traceCall, type TracedCall } from './calls.ts';
export * from './settle-lookup.ts';
export * from './settle-posting.ts';
export { actionsOn, recordActions, type RecordAction } from './record-actions.ts';
export * from './reconciliations.ts';
export * from './flow-health.ts';
export { recoverInterrupted } from './recovery.ts';
export { newestEntries, type NewestEntry } from './newest-entries.ts';
export { waitForPredecessors } from './predecessors.ts';
export * from './queue.ts';
export { replayPage, type Replayed } from './replay-page.ts';
export { recordPages, replayRecords, type ReplayResult, type ReplaySelection } from './replay.ts';
export * from './run-requests.ts';
export * from './runs.ts';
export * from './search.ts';
export { nextStates, stateMeanings, type Next, type RecordState, type StateReason } from './states.ts';
export * from './waiting.ts';
export * from './wake.ts';
export * from './webhook-events.ts';
