import { isSystemError, toSystemError, type SystemError } from '@ml-connector/shared';
import type { SapSystemInfo } from '../system-info.ts';
import { assembleDocument } from './assemble.ts';
import type { DocumentId } from './cursor.ts';
import type { SapDocument, SapDocumentItem } from './document.ts';
import { idOf, inLists, nameOf, type HeaderRow, type HeaderSource, type NumberList } from './headers.ts';
import type { ItemSource } from './item-source.ts';
import { findReversals } from './reversals.ts';

export interface WholeDocumentsDeps extends HeaderSource {
  info: SapSystemInfo;
  items: ItemSource;
}

/** A document, or why it cannot be had whole. */
export type DocumentResult = { id: DocumentId; document: SapDocument } | { id: DocumentId; problem: SystemError };

/** Reads the items of these headers and puts the documents together, one after the other. Rejects where nothing can be read at all. */
export async function* wholeDocuments(deps: WholeDocumentsDeps, headers: readonly HeaderRow[]): AsyncGenerator<DocumentResult, void, void> {
  const reversals = await findReversals(deps, headers);
  const byName = new Map(headers.map((header) => [nameOf(idOf(header)), header]));
  for (const list of inLists(headers.map(idOf))) {
    const ofList = new Map(list.numbers.flatMap((number) => headerEntry(byName, { ...list, number })));
    for await (const [number, outcome] of itemsOf(deps, list, ofList)) {
      const header = ofList.get(number);
      if (!header) continue;
      const id = idOf(header);
      if (!Array.isArray(outcome)) {
        yield { id, problem: outcome };
        continue;
      }
      yield put(id, () => assembleDocument({ info: deps.info, header, items: outcome, reverses: reversals.get(nameOf(id)) }));
    }
  }
}

function headerEntry(byName: ReadonlyMap<string, HeaderRow>, id: DocumentId): [string, HeaderRow][] {
  const header = byName.get(nameOf(id));
  return header ? [[id.number, header]] : [];
}

type Outcome = [number: string, items: SapDocumentItem[] | SystemError];

/** One value that cannot be read fails its whole list: then each of the documents left is read by itself. */
async function* itemsOf(
  deps: WholeDocumentsDeps,
  list: NumberList,
  headers: ReadonlyMap<string, HeaderRow>,
): AsyncGenerator<Outcome, void, void> {
  const left = new Set(list.numbers);
  try {
    for await (const { number, items } of deps.items.read(list, headers)) {
      left.delete(number);
      yield [number, items];
    }
  } catch (error) {
    if (!isOfOneDocument(error)) throw error;
    const [only = ''] = left;
    if (left.size <= 1) return yield [only, toSystemError(error, `reading document ${nameOf({ ...list, number: only })}`)];
    for (const number of left) yield* itemsOf(deps, { ...list, numbers: [number] }, headers);
    return;
  }
  for (const number of left) yield [number, []];
}

const codesOfOneDocument = ['SAP_NUMBER_OVERFLOW', 'SAP_NUMBER_UNREADABLE', 'SAP_ITEM_UNREADABLE'];

function isOfOneDocument(error: unknown): boolean {
  return isSystemError(error) && codesOfOneDocument.includes(error.code);
}

function put(id: DocumentId, make: () => SapDocument): DocumentResult {
  try {
    return { id, document: make() };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { id, problem: error };
  }
}
