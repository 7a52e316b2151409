import type { Attempt, CallData, EventData, Explanation, Story, StoryEvent } from './story.ts';

export type Tone = 'good' | 'bad' | 'wait' | 'person' | 'plain';

/** One line of the timeline. */
export interface Entry {
  seq: number;
  at: string;
  title: string;
  tone: Tone;
  /** Sentences below the title. */
  notes: string[];
  /** Who, where it was a person or a program. */
  who: string | null;
  /** Time that passed since the line before. */
  gapMs: number;
  call?: CallData;
  /** Began here. */
  attempt?: Attempt;
  explanation?: Explanation;
  nextAttemptAt?: number;
  /** Of another version. */
  recordId?: string;
  isDropped: boolean;
}

/** The events of a record in plain words, oldest first. */
export function entriesOf(story: Story): Entry[] {
  return story.events.map((event, place) => entryOf(story, event, story.events[place - 1]));
}

function entryOf(story: Story, event: StoryEvent, before: StoryEvent | undefined): Entry {
  const { seq, at, actor, actorName, isDropped } = event;
  const isPerson = actor !== 'engine';
  const told = wordsOf(story, event);
  return {
    seq,
    at,
    isDropped,
    who: isPerson ? (actorName ?? actor) : null,
    gapMs: before ? Math.max(0, Date.parse(at) - Date.parse(before.at)) : 0,
    notes: [],
    ...told,
    tone: isPerson ? 'person' : told.tone,
  };
}

type Told = Pick<Entry, 'title' | 'tone'> & Partial<Entry>;

function wordsOf(story: Story, { kind, data: raw }: StoryEvent): Told {
  const data = (raw ?? {}) as EventData;
  const { source, target } = story.flow;
  const attempt = story.attempts.find(({ number }) => number === data.attempt);
  // The last one stands above the timeline as long as it counts.
  const isOnTop = attempt === story.attempts.at(-1) && story.record.reasons.length > 0;
  const explanation = isOnTop ? undefined : (attempt?.explanation ?? undefined);
  const failed = {
    notes: sentencesOf(data),
    ...(explanation ? { explanation } : {}),
    ...(data.nextAttemptAt === undefined ? {} : { nextAttemptAt: data.nextAttemptAt }),
  };
  switch (kind) {
    case 'received':
      return {
        title: story.record.replayOf ? 'New version of what was read before' : `Read from ${source}`,
        tone: 'plain',
        notes: [triggerWords(story), data.note ?? ''].filter(Boolean),
      };
    case 'posting':
      return {
        title: `Attempt ${data.attempt}: sent to ${target}`,
        tone: 'plain',
        notes: attempt?.notes ?? [],
        ...(attempt ? { attempt } : {}),
      };
    case 'call':
      return callWords(raw as CallData | null);
    case 'succeeded':
      return { title: `${target} holds it`, tone: 'good', notes: resultOf(data) };
    case 'looked up':
    case 'decided':
      return { title: kind === 'decided' ? 'A person looked' : `${target} was asked what it holds`, ...lookupWords(data) };
    case 'failed':
      return { title: 'Not applied; will be tried again', tone: 'bad', ...failed };
    case 'blocked':
      return { title: 'Needs a person', tone: 'bad', ...failed };
    case 'uncertain':
      return { title: 'May have been applied: the answer was lost', tone: 'wait', ...failed };
    case 'waiting':
      return { title: 'Waits', tone: 'wait', ...failed };
    case 'halted':
      return { title: `Nothing works on ${target}; waits until that is repaired`, tone: 'bad', ...failed };
    case 'superseded':
      return { title: 'A newer version took its place', tone: 'plain', ...(data.by ? { recordId: data.by } : {}) };
    case 'replayed':
      return { title: data.of ? 'Replay of an earlier version' : 'Replayed', tone: 'person', ...(data.of ? { recordId: data.of } : {}) };
    case 'skipped':
      return { title: 'Not sent', tone: 'plain', notes: sentencesOf(data) };
    case 'woken':
      return { title: 'Goes on', tone: 'plain', notes: sentencesOf(data) };
    default:
      return { title: `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, tone: 'plain', notes: sentencesOf(data) };
  }
}

function callWords(call: CallData | null): Told {
  const { what = 'A call', status, error } = call ?? {};
  return { title: what, tone: error || isBadStatus(status) ? 'bad' : 'plain', notes: [], ...(call ? { call } : {}) };
}

function isBadStatus(status: string | number | undefined): boolean {
  return typeof status === 'number' ? status >= 400 : false;
}

function lookupWords(data: EventData): Pick<Told, 'tone' | 'notes'> {
  const reason = data.reason ? [`“${data.reason}”`] : [];
  if (data.outcome === 'applied') return { tone: 'good', notes: ['It is there.', ...resultOf(data.result ?? {}), ...reason] };
  if (data.outcome === 'absent') return { tone: 'plain', notes: ['It is not there, and is sent again.', ...reason] };
  return { tone: 'wait', notes: [`No certain answer${data.why ? `: ${data.why}` : ''}`, ...reason] };
}

function resultOf({ action, targetId, targetLabel }: EventData): string[] {
  return [`${action ?? 'there'}: ${targetLabel ?? ''} (${targetId ?? ''})`];
}

function sentencesOf({ reasons = [], reason, why, error, codes }: EventData): string[] {
  const causes = error ? [error] : reasons;
  return [
    ...causes.map(({ message = '', code }) => (code ? `${message} (${code})` : message)),
    ...(codes ? [`In spite of: ${codes.join(', ')}`] : []),
    ...(reason ? [`“${reason}”`] : []),
    ...(why ? [why] : []),
  ];
}

function triggerWords({ trigger }: Story): string {
  if (!trigger) return '';
  const by = { schedule: 'by schedule', webhook: 'after a message of the system', manual: 'by hand', replay: 'by a replay' }[
    trigger.trigger
  ];
  return `${by ?? `by ${trigger.trigger}`} (${trigger.mode})`;
}
