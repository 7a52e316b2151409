import { languageKey } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { SapSession } from '../session.ts';
import { collectAll, type CodeWithName } from '../vendors/index.ts';
import { materialReads } from './reads.ts';

/** Material groups (MATKL) with their names in that language. */
export async function readMaterialGroups(session: SapSession, language: string, scope: CallScope): Promise<CodeWithName[]> {
  const rows = await collectAll([[{ field: 'SPRAS', op: 'EQ', value: languageKey(language) }]], (where) =>
    session.readTable({ table: 'T023T', fields: materialReads.T023T, where }, scope),
  );
  return rows.map(({ MATKL, WGBEZ }) => ({ code: MATKL, name: WGBEZ }));
}
