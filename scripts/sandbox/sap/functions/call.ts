import type { FunctionDefinition } from '../dictionary/index.ts';
import type { SapUser } from '../users.ts';
import type { SapSystemParts } from '../parts.ts';

/** Rows of a one-field table as they go over the wire: UTF-8 texts one after the other, and where each ends. */
export interface PackedRows {
  bytes: Buffer;
  ends: Uint32Array;
}

export type Value = string | number | Structure | Structure[] | PackedRows;
export interface Structure {
  [field: string]: Value;
}

/** What a function module sees of the ABAP session it runs in. */
export interface Session {
  readonly user: SapUser;
  readonly language: string;
  /** Changes that COMMIT makes and that are gone when the session ends before. */
  readonly updates: (() => void)[];
}

export interface FunctionCall {
  definition: FunctionDefinition;
  /** Supplied values over defaults and initial values. */
  inputs: Structure;
  session: Session;
  system: SapSystemParts;
}

/** Returns EXPORT, CHANGING and TABLES parameters; throws RfcError. */
export type FunctionModule = (call: FunctionCall) => Structure | Promise<Structure>;

export function textInput({ inputs }: FunctionCall, name: string): string {
  const value = inputs[name];
  return typeof value === 'string' ? value.trimEnd() : '';
}

export function numberInput({ inputs }: FunctionCall, name: string): number {
  const value = inputs[name];
  return typeof value === 'number' ? value : Number(value ?? 0);
}

export function tableInput({ inputs }: FunctionCall, name: string): Record<string, string>[] {
  const value = inputs[name];
  return Array.isArray(value) ? (value as Record<string, string>[]) : [];
}

export function packRows(rows: Iterable<string>): PackedRows {
  const parts: Buffer[] = [];
  const ends: number[] = [];
  let end = 0;
  for (const row of rows) {
    const bytes = Buffer.from(row);
    parts.push(bytes);
    end += bytes.length;
    ends.push(end);
  }
  return { bytes: Buffer.concat(parts, end), ends: Uint32Array.from(ends) };
}

export function isPacked(value: Value): value is PackedRows {
  return typeof value === 'object' && !Array.isArray(value) && Buffer.isBuffer(value['bytes']);
}
