import type { Answer } from '../../api/index.ts';

export type Story = Answer<'records.story'>;
export type StoryEvent = Story['events'][number];
export type Attempt = Story['attempts'][number];
export type Reason = Story['record']['reasons'][number];
export type Explanation = NonNullable<Attempt['explanation']>;

/** A call to an outside system, as its event holds it. */
export interface CallData {
  system?: string;
  what?: string;
  at?: number;
  ms?: number;
  status?: string | number;
  request?: unknown;
  answer?: unknown;
  error?: CallError;
}

export interface CallError {
  code?: string;
  verdict?: string;
  message?: string;
  fix?: string;
}

/** What else an event may hold, by its kind. */
export interface EventData {
  attempt?: number;
  reasons?: Partial<Reason>[];
  reason?: string;
  why?: string;
  error?: CallError;
  nextAttemptAt?: number;
  mappingVersion?: string;
  runId?: string;
  version?: number;
  note?: string;
  was?: string;
  of?: string;
  by?: string;
  codes?: string[];
  targetId?: string;
  targetLabel?: string;
  action?: string;
  outcome?: string;
  result?: { targetId?: string; targetLabel?: string; action?: string };
}
