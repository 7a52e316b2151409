import type { MissingPolicy } from '../types.ts';

/** A value map as the process of the overrides looks codes up in it. */
export interface Table {
  id: string;
  missing: MissingPolicy;
  defaultCode: string | null;
  entries: Record<string, string>;
}

/** Relay to the process of the overrides. Expressions of a version are compiled when they are loaded, once. `isFirst`: it forgets all others. */
export type Request =
  | { kind: 'load'; version: string; expressions: string[]; tables: Table[]; fieldMs: number; isFirst: boolean }
  | { kind: 'evaluate'; version: string; payload: unknown; body: unknown; settings: unknown; fields: FieldRequest[] };

/** One field to compute, by the number of its expression. */
export interface FieldRequest {
  expression: number;
  item?: unknown;
  index?: number;
}

/** Back to the relay: one answer per field, in their order. `nothing`: the field stays as it is. */
export type FieldAnswer =
  | { value: string | number | boolean | null }
  | { nothing: true }
  | { fault: string; code: 'OVERRIDE_FAILED' | 'OVERRIDE_TOO_LONG' | 'OVERRIDE_RESULT_INVALID' }
  | { missing: { valueMapId: string; code: string } };
