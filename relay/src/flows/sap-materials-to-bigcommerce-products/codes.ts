import { languageKey } from '@ml-connector/shared';
import type { BigCommerceSession } from '../../systems/bigcommerce/index.ts';
import { collectAll, type SapSession } from '../../systems/sap-ecc/index.ts';
import type { CodesInput, ValueMapCodes } from '../flow.ts';
import { emptyCode } from './map.ts';
import { materialFlowSettings } from './settings.ts';

/** Material groups and categories, with pairs of the same name. */
export async function materialCodes({
  settings,
  source,
  target,
  scope,
}: CodesInput<SapSession, BigCommerceSession>): Promise<ValueMapCodes[]> {
  const { language = source.settings.language } = materialFlowSettings.parse(settings);
  const [rows, categories] = await Promise.all([
    collectAll([[{ field: 'SPRAS', op: 'EQ', value: languageKey(language) }]], (where) =>
      source.readTable({ table: 'T023T', fields: ['SPRAS', 'MATKL', 'WGBEZ'], where }, scope),
    ),
    target.products.categories(scope),
  ]);
  const groups = rows.map(({ MATKL, WGBEZ }) => ({ code: MATKL, name: WGBEZ }));
  return [
    {
      valueMapId: 'categories',
      from: [...groups, { code: emptyCode, name: 'the material has no material group' }],
      to: categories.map(({ id, name }) => ({ code: String(id), name })),
      proposals: groups.flatMap(({ code, name }) => {
        const same = categories.find((category) => name !== '' && category.name.toLowerCase() === name.toLowerCase());
        return same ? [{ from: code, to: String(same.id), why: 'same name' }] : [];
      }),
    },
  ];
}
