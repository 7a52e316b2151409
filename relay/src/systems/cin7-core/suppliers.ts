import { backoffMs, isSystemError, SystemError, type Clock } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import { isValidation, type Cin7Client } from './client.ts';
import { unreadable } from './judge.ts';
import { readAll } from './pages.ts';
import { referenceProblems, type Cin7Reference } from './reference.ts';
import { rowsOf, sameWord, text, toSupplier, type Row } from './rows.ts';
import { supplierChanges } from './supplier-changes.ts';
import { checkLimits } from './supplier-limits.ts';
import type { Cin7Supplier, Cin7SupplierBody, Cin7Suppliers } from './types.ts';

interface SupplierParts {
  client: Cin7Client;
  reference: Cin7Reference;
  clock: Clock;
  random?: () => number;
}

const mostUpdateRounds = 3;

export function openSuppliers(parts: SupplierParts): Cin7Suppliers {
  return {
    async get(id, scope) {
      const row = await readRow(parts.client, id, scope);
      return row && toSupplier(row);
    },

    async findByName(name, scope) {
      const rows = await readAll(
        parts.client,
        {
          path: 'supplier',
          key: 'SupplierList',
          query: { Name: name.trim(), IncludeDeprecated: 'true' },
          limit: 100,
          doing: `looking for supplier ${name}`,
        },
        scope,
      );
      return rows.map(toSupplier).filter((supplier) => sameWord(supplier.Name, name));
    },

    async create(body, scope) {
      const doing = `creating supplier ${body.Name}`;
      checkLimits(body, doing);
      return write(parts, { method: 'POST', send: { ...body }, body, doing }, scope);
    },

    update: (id, body, scope) => update(parts, id, body, scope),
  };
}

/**
 * A lost answer is looked up here: the supplier is read again and only what is still missing is sent, so entries without ID cannot be
 * doubled. Still without an answer after some rounds: `uncertain`.
 */
async function update(parts: SupplierParts, id: string, body: Cin7SupplierBody, scope: CallScope): ReturnType<Cin7Suppliers['update']> {
  const changedBefore = new Set<string>();
  let lost: SystemError | undefined;
  for (let round = 1; ; round += 1) {
    try {
      return await updateOnce(parts, { id, body, changedBefore }, scope);
    } catch (error) {
      const verdict = isSystemError(error) ? error.verdict : undefined;
      // Whatever keeps us from looking again, the lost one may still have been applied.
      if (verdict !== 'uncertain') throw verdict === 'refused' ? error : (lost ?? error);
      lost = error as SystemError;
      if (round >= mostUpdateRounds || scope.signal.aborted) throw lost;
      await waitOrThrow(parts, { round, lost }, scope.signal);
    }
  }
}

async function updateOnce(
  parts: SupplierParts,
  { id, body, changedBefore }: { id: string; body: Cin7SupplierBody; changedBefore: Set<string> },
  scope: CallScope,
): ReturnType<Cin7Suppliers['update']> {
  const doing = `updating supplier ${body.Name}`;
  const row = await readRow(parts.client, id, scope);
  if (!row) throw goneError(doing, id);
  const current = toSupplier(row);
  const { put, changed } = supplierChanges(current, row, body);
  for (const field of changed) changedBefore.add(field);
  if (changed.length === 0) return { supplier: current, changed: [...changedBefore] };
  // Entries that stay as they are may break rules of today; they are not held against the rest.
  checkLimits({ ...body, Addresses: put['Addresses'] ? body.Addresses : [], Contacts: put['Contacts'] ? body.Contacts : [] }, doing);
  const supplier = await write(parts, { method: 'PUT', send: { ID: text(row['ID']), ...put }, body, doing }, scope);
  return { supplier, changed: [...changedBefore] };
}

async function waitOrThrow(
  { clock, random }: SupplierParts,
  { round, lost }: { round: number; lost: SystemError },
  signal: AbortSignal,
): Promise<void> {
  try {
    await clock.wait(backoffMs(round, { firstMs: 1000, capMs: 10_000, ...(random ? { random } : {}) }), signal);
  } catch {
    throw lost;
  }
}

interface SupplierWrite {
  method: 'POST' | 'PUT';
  send: Row;
  body: Cin7SupplierBody;
  doing: string;
}

async function write(parts: SupplierParts, { method, send, body, doing }: SupplierWrite, scope: CallScope): Promise<Cin7Supplier> {
  try {
    const answer = await parts.client({ method, path: 'supplier', body: send, doing }, scope);
    const row = rowsOf(answer, 'SupplierList')?.[0];
    if (!row || text(row['ID']) === '') throw unreadable({ writes: true, doing }, 'the answer holds no supplier');
    tellIgnoredFields(parts.clock, { method, row, body }, scope);
    return toSupplier(row);
  } catch (error) {
    throw isValidation(error) ? await withAllProblems(error, parts, body, scope) : error;
  }
}

/** The API answers 200 while it ignores a field (facts/cin7.md 0.6): the record's story then says which. */
function tellIgnoredFields(
  clock: Clock,
  { method, row, body }: { method: string; row: Row; body: Cin7SupplierBody },
  scope: CallScope,
): void {
  const notStored = supplierChanges(toSupplier(row), row, body).changed;
  if (notStored.length === 0) return;
  const what = `compare the answer of ${method} /supplier`;
  scope.trace({ system: 'cin7-core', what, at: clock.now(), ms: 0, answer: { notStored } });
}

/** A refusal names only some of the problems; the lists, read anew, show the others, so that a person fixes them in one go. */
async function withAllProblems(
  error: SystemError,
  { reference }: SupplierParts,
  body: Cin7SupplierBody,
  scope: CallScope,
): Promise<SystemError> {
  reference.invalidate();
  if (error.code === 'CIN7_NAME_TAKEN') return error;
  try {
    const problems = await referenceProblems(body, reference, scope);
    if (problems.length === 0) return error;
    const { code, verdict, message, fix, facts, cause } = error;
    return new SystemError(code, verdict, `${message} (${problems.join('; ')})`, { fix, cause, facts: { ...facts, problems } });
  } catch {
    return error; // the refusal is the news, not that the lists could not be read
  }
}

async function readRow(client: Cin7Client, id: string, scope: CallScope): Promise<Row | undefined> {
  const doing = `reading supplier ${id}`;
  try {
    const answer = await client({ method: 'GET', path: 'supplier', query: { ID: id, IncludeDeprecated: 'true' }, doing }, scope);
    const rows = rowsOf(answer, 'SupplierList');
    if (!rows) throw unreadable({ writes: false, doing }, 'the answer holds no SupplierList');
    // Parameters it does not know are ignored: without this comparison the first supplier of all could come back.
    return rows.find((row) => sameWord(text(row['ID']), id));
  } catch (error) {
    if (isValidation(error) && /not found/i.test(error.message)) return undefined;
    throw error;
  }
}

function goneError(doing: string, id: string): SystemError {
  return new SystemError('CIN7_SUPPLIER_GONE', 'refused', `${doing}: Cin7 Core has no supplier ${id} any more`, {
    fix: 'Remove the link of this record, and replay it: the supplier is then looked for by name or created.',
  });
}
