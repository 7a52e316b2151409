import type { BigCommerceSession } from '../../systems/bigcommerce/index.ts';
import { readMaterialGroups, type SapSession } from '../../systems/sap-ecc/index.ts';
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
  const [groups, categories] = await Promise.all([readMaterialGroups(source, language, scope), target.products.categories(scope)]);
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
