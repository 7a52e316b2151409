import { activeTerms, purchaseTaxRules } from '../../systems/cin7-core/index.ts';
import { readPaymentTerms, type JdeSession } from '../../systems/jde/index.ts';
import type { CodesInput, ValueMapCodes } from '../flow.ts';
import { readCodesInUse } from './codes-in-use.ts';
import { nothing, notTaxable } from './codes-of-lines.ts';
import type { PurchaseTarget } from './find.ts';
import { purchaseFlowSettings } from './settings.ts';

/** Codes of both sides for the value maps, with pairs that look right. Products and units of Cin7 Core cannot be listed in few calls. */
export async function orderCodes({
  settings: given,
  source,
  target,
  scope,
}: CodesInput<JdeSession, PurchaseTarget>): Promise<ValueMapCodes[]> {
  const settings = purchaseFlowSettings.parse(given);
  const [inUse, taxRules, locations] = await Promise.all([
    readCodesInUse(source, settings, scope),
    target.taxRules(scope),
    target.locations(scope),
  ]);
  const usable = locations.filter(({ IsDeprecated }) => !IsDeprecated);
  const [onlyLocation, another] = usable;
  const names: Record<string, string> = {
    [nothing]: 'the line and the order have no tax area',
    [notTaxable]: 'lines that are not taxable',
  };
  const maps: ValueMapCodes[] = [
    {
      valueMapId: 'tax-rules',
      from: inUse.taxAreas.map((code) => ({ code, name: names[code] ?? '' })),
      to: purchaseTaxRules(taxRules).map(({ Name, TaxPercent }) => ({ code: Name, name: `${TaxPercent} %` })),
      proposals: [],
    },
    {
      valueMapId: 'locations',
      from: inUse.branches.map((code) => ({ code, name: '' })),
      to: usable.map(({ Name, IsDefault }) => ({ code: Name, name: IsDefault ? 'default location' : '' })),
      proposals:
        onlyLocation && !another
          ? inUse.branches.map((from) => ({ from, to: onlyLocation.Name, why: 'Cin7 Core has no other location' }))
          : [],
    },
    { valueMapId: 'units', from: inUse.units.map((code) => ({ code, name: '' })), to: [], proposals: [] },
    {
      valueMapId: 'charges',
      from: [...inUse.charges].map(([code, name]) => ({ code, name })).toSorted((one, other) => (one.code < other.code ? -1 : 1)),
      to: [],
      proposals: [],
    },
    { valueMapId: 'currencies', from: inUse.currencies.map((code) => ({ code, name: '' })), to: [], proposals: [] },
  ];
  if (settings.paymentTerms === 'of-supplier') return maps;
  const [known, terms] = await Promise.all([readPaymentTerms(source, scope), target.paymentTerms(scope)]);
  const nameOf = new Map(known.map(({ code, name }) => [code, name]));
  return [
    ...maps,
    {
      valueMapId: 'payment-terms',
      from: inUse.paymentTerms.map((code) => ({ code, name: nameOf.get(code) ?? '' })),
      to: activeTerms(terms).map(({ Name, Duration, Method }) => ({ code: Name, name: `${Duration} ${Method}` })),
      proposals: [],
    },
  ];
}
