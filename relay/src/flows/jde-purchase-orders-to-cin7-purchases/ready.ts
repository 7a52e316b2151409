import type { Cin7Supplier } from '../../systems/cin7-core/index.ts';
import type { PostWait } from '../flow.ts';
import { oneLine } from '../texts/index.ts';
import { refuse, type PurchasePost } from './find.ts';
import type { PutBody } from './payload.ts';
import { purchaseFlowSettings } from './settings.ts';
import { supplierRecord } from './supplier-record.ts';
import type { TaxPercents } from './wanted.ts';

/** The supplier in Cin7 Core that the order's supplier is linked to; undefined where there is no link. */
export async function linkedSupplier(input: PurchasePost): Promise<Cin7Supplier | undefined> {
  const { body, payload, target, scope } = input;
  const of = supplierRecord(payload);
  const link = of && (await input.linkOf(of));
  if (!link) return undefined;
  const supplier = await target.suppliers.get(link.targetId, scope);
  if (supplier) return supplier;
  throw refuse(
    'CIN7_SUPPLIER_GONE',
    `posting order ${body.key}: supplier ${link.targetLabel} (${link.targetId}) is not in Cin7 Core any more`,
    {
      fix: `Bring supplier ${of.key} to Cin7 Core again (remove the link of its record, replay it), then replay this record.`,
    },
  );
}

/** The order waits until its supplier's record is through, also where that is not even read yet. */
export function supplierAwaited({ body, settings, payload }: PurchasePost<PutBody>): PostWait {
  const until = supplierRecord(payload);
  return {
    action: 'waiting',
    reason: {
      code: 'SUPPLIER_NOT_IN_CIN7',
      message: `order ${body.key} waits until supplier ${body.supplier} is in Cin7 Core; transfer him by the flow jde-suppliers-to-cin7-suppliers, whose settings may leave him out`,
    },
    checkAfterMs: checkAfterMs(settings),
    ...(until && { until }),
  };
}

/** A purchase is always in its supplier's currency, so prices in another one would be taken for his. */
export function assertCurrency({ body }: PurchasePost<PutBody>, supplier: Cin7Supplier): void {
  if (supplier.Currency.toUpperCase() === body.currency.toUpperCase()) return;
  throw refuse(
    'CURRENCY_DIFFERS',
    `posting order ${body.key}: it is in ${body.currency}, and purchases of ${supplier.Name} are in ${supplier.Currency} in Cin7 Core`,
    {
      fix: "Correct the supplier's currency in JD Edwards, or enter this order by hand for a supplier in its currency; then replay or skip.",
    },
  );
}

export function assertActive({ body }: PurchasePost<PutBody>, supplier: Cin7Supplier): void {
  if (!/^deprecated$/i.test(supplier.Status)) return;
  throw refuse('SUPPLIER_DEPRECATED', `posting order ${body.key}: supplier ${supplier.Name} is deprecated in Cin7 Core`, {
    fix: 'Activate the supplier, or skip this record; then replay.',
  });
}

/** All products at once: missing and inactive ones hold the order up until they are there; one in another unit needs a person. */
export async function awaitProducts({ body, settings, target, scope }: PurchasePost<PutBody>): Promise<PostWait | undefined> {
  const { Lines } = body.purchase;
  const products = await target.products.bySku([...new Set(Lines.map(({ SKU }) => SKU))], scope);
  const bySku = new Map(products.map((product) => [fold(product.SKU), product]));
  const missing = new Set(Lines.filter(({ SKU }) => !bySku.has(fold(SKU))).map(({ SKU }) => SKU));
  const unusable = products.filter(({ Status }) => !/^active$/i.test(Status)).map(({ SKU, Status }) => `${SKU} (${Status.toLowerCase()})`);
  const problems = [
    ...(missing.size > 0 ? [`Cin7 Core has no product ${[...missing].join(', ')}`] : []),
    ...(unusable.length > 0 ? [`product ${unusable.join(', ')} is not active in Cin7 Core`] : []),
  ];
  if (problems.length > 0)
    return {
      action: 'waiting',
      reason: {
        code: 'PRODUCTS_MISSING',
        message: `order ${body.key} waits: ${problems.join('; ')}. It goes out by itself once they are there; other SKUs can be named in the value map products`,
      },
      checkAfterMs: checkAfterMs(settings),
    };
  const otherUnits = Lines.filter(({ SKU, UOM }) => fold(bySku.get(fold(SKU))?.UOM ?? '') !== fold(UOM));
  if (otherUnits.length === 0) return undefined;
  const told = otherUnits.map(({ SKU, UOM, Comment }) => `${SKU} is kept in ${bySku.get(fold(SKU))?.UOM}, not in ${UOM} (${Comment})`);
  throw refuse('UNIT_DIFFERS', `posting order ${body.key}: ${[...new Set(told)].join('; ')}`, {
    fix: 'Say in the value map units how many of that unit one of the order is, for the SKU alone (4711/CS) or for all (CS): "12 x Item". Then replay.',
    facts: { units: told },
  });
}

/** Percentages of the rules that the order names; every rule that cannot be used is told. */
export async function taxPercents({ body, settings, target, scope }: PurchasePost<PutBody>): Promise<TaxPercents> {
  const { header, Lines, AdditionalCharges } = body.purchase;
  const rules = new Map((await target.taxRules(scope)).map((rule) => [rule.Name.toLowerCase(), rule]));
  const names = new Set([header, ...Lines, ...AdditionalCharges].map(({ TaxRule }) => TaxRule));
  const unusable = [...names].filter((name) => {
    const rule = rules.get(name.toLowerCase());
    return !rule?.IsActive || !rule.IsTaxForPurchase;
  });
  if (unusable.length > 0)
    throw refuse('TAX_RULE_UNUSABLE', `posting order ${body.key}: Cin7 Core has no active purchase tax rule ${unusable.join(', ')}`, {
      fix: 'Correct the value map tax-rules, or activate the rule for purchases in Cin7 Core; then replay.',
    });
  const isZero = purchaseFlowSettings.parse(settings).tax === 'zero';
  return new Map([...rules].map(([name, { TaxPercent }]) => [name, isZero ? '0' : String(TaxPercent)]));
}

function checkAfterMs(settings: unknown): number {
  return purchaseFlowSettings.parse(settings).waitCheckMinutes * 60_000;
}

function fold(text: string): string {
  return oneLine(text).toLowerCase();
}
