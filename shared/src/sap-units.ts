/** Units: SAP function calls on one ABAP session, and what becomes of them (DESIGN.md section 6). */
import { z } from 'zod';

const systemName = z.string().min(1).max(40).describe('Name of the system in agent.yaml');
const calls = z
  .array(z.strictObject({ function: z.string().max(60), parameters: z.record(z.string(), z.unknown()).default({}) }))
  .min(1)
  .max(100);

const readingUnit = z.strictObject({ system: systemName, calls, commit: z.literal('never') });

const writingUnit = z.strictObject({
  system: systemName,
  calls,
  commit: z.literal('whenClean'),
  /** Identity of this execution: the agent runs an id at most once, and answers it from its journal ever after. */
  unitId: z.string().regex(/^[\x21-\x7e]{1,100}$/, 'must be 1 to 100 printable characters without blanks'),
  /** Nothing begins and nothing commits after this moment: milliseconds since 1970 by the relay's clock. */
  notAfter: z.int().nonnegative(),
  /**
   * The same as time left when the request was sent. The agent takes the earlier one of both: the absolute time corrected by the offset
   * measured in the handshake, and this, which no clock set anew can stretch. A day at most, for so long the agent must remember the unit.
   */
  remainingMs: z.int().nonnegative().max(86_400_000),
  /** The answer to an earlier request of this unit was lost: the agent must not claim that nothing happened where it cannot know. */
  isRepeat: z.boolean().default(false),
});

/**
 * `commit: 'never'` reads (or tries): the session is reset afterwards. `whenClean` commits when every call was clean (no message of type A, E
 * or X in a RETURN), else rolls back.
 */
export const sapUnit = z.discriminatedUnion('commit', [readingUnit, writingUnit]);
export type SapUnit = z.infer<typeof sapUnit>;
export type SapWritingUnit = z.infer<typeof writingUnit>;

export interface SapUnitAnswer {
  /** One result per call: every EXPORT, CHANGING and TABLES parameter. */
  results: Record<string, unknown>[];
  /** Of a unit with `commit: 'whenClean'`: it was committed. */
  unit?: UnitReport;
}

/** How a unit went; also stands in `facts.unit` of every error that speaks of the unit itself. */
export interface UnitReport {
  unitId: string;
  ending: UnitEnding;
  /** The calls made, in order, with commit or rollback as the last one. */
  steps: UnitStep[];
  /** From the agent's journal, not from an execution by this request. */
  isReplayed?: boolean;
  /** Long tables were left out of the journaled answer. */
  isShortened?: boolean;
}

/**
 * `committed`: SAP confirmed it. `rolledBack`: SAP confirmed that. `notStarted`: no call that may write was made. `abandoned`: the session ended
 * before a commit was sent, and SAP rolls back by itself; `unknown`: a commit was sent, or may have been.
 */
export type UnitEnding = 'committed' | 'rolledBack' | 'notStarted' | 'abandoned' | 'unknown';

export interface UnitStep {
  function: string;
  ms: number;
  /** `ok`, or the code of the error. */
  outcome: string;
  /** Of RETURN, the worst first; at most 50. */
  messages: SapMessage[];
}

/** One line of RETURN, whatever its shape in SAP (BAPIRET2, BAPIRET1, BAPIRETURN): CODE is taken apart into ID and NUMBER. */
export interface SapMessage {
  /** S, I, W, E, A, X. */
  TYPE: string;
  ID: string;
  NUMBER: string;
  MESSAGE: string;
  MESSAGE_V1?: string;
  MESSAGE_V2?: string;
  MESSAGE_V3?: string;
  MESSAGE_V4?: string;
  PARAMETER?: string;
  ROW?: number;
  FIELD?: string;
}
