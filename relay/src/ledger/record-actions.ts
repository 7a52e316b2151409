import { skippableStates } from './decisions.ts';
import type { RecordStory } from './search.ts';
import { outcomeUnknown } from './settle-lookup.ts';
import type { RecordState, StateReason } from './states.ts';
import { approvableReasons } from './waiting.ts';

/** What a person can do with a record. */
export const recordActions = ['replay', 'skip', 'approve', 'decide', 'unlink', 'acknowledge'] as const;
export type RecordAction = (typeof recordActions)[number];

/** Out of these a replay releases a record, or makes a new version of it. */
const replayableStates: readonly RecordState[] = ['blocked', 'failed', 'waiting', 'succeeded', 'skipped'];
const busyStates: readonly RecordState[] = ['posting', 'uncertain'];

/** What would be taken now; who asks for it may still be too late. */
export function actionsOn({ record, link, acknowledgement, versions }: Acted): RecordAction[] {
  const state = record.state as RecordState;
  const reasons = record.reason_json === null ? [] : (JSON.parse(record.reason_json) as StateReason[]);
  const isFor = (codes: readonly string[]): boolean => reasons.some(({ code }) => codes.includes(code));
  const takes: Record<RecordAction, boolean> = {
    replay: replayableStates.includes(state),
    skip: skippableStates.some((one) => one === state),
    approve: state === 'waiting' && isFor(approvableReasons),
    decide: state === 'uncertain' && isFor([outcomeUnknown]),
    unlink: link !== undefined && !versions.some((one) => busyStates.includes(one.state as RecordState)),
    acknowledge: acknowledgement !== undefined,
  };
  return recordActions.filter((action) => takes[action]);
}

type Acted = { record: Pick<RecordStory['record'], 'state' | 'reason_json'>; versions: readonly { state: string }[] } & Pick<
  RecordStory,
  'link' | 'acknowledgement'
>;
