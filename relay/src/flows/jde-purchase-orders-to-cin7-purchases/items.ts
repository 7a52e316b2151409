import { addAmounts, type Amount } from '@ml-connector/shared';
import type { JdePurchaseOrderLine } from '../../systems/jde/index.ts';
import type { BlockReason, Mapping } from '../flow.ts';
import { oneLine } from '../texts/index.ts';
import { amountOf, isZero, priceOf } from './amounts.ts';
import { nothing } from './codes-of-lines.ts';
import type { LinesInput } from './lines-input.ts';
import { longest } from './notes.ts';
import { missing, orProblem } from './reasons.ts';
import type { PurchaseFlowSettings } from './settings.ts';
import { taxRuleOf } from './tax-rule.ts';
import { conversionFor, converted, type Conversion } from './units.ts';

/** An item line with its quantity in Cin7 Core's unit. */
export interface Item {
  lines: JdePurchaseOrderLine[];
  sku: string;
  unit: string;
  taxRule: string;
  quantity: Amount;
  amount: Amount;
}

/** None where it orders nothing, or where something speaks against it. */
export function itemOf({ order, money, mapping, settings, told }: LinesInput, line: JdePurchaseOrderLine, reasons: BlockReason[]): Item[] {
  const own: BlockReason[] = [];
  const amount = orProblem(amountOf(line, { ...money, ...settings }), own);
  const taxRule = taxRuleOf({ order, mapping }, line, own);
  const sku = skuOf(line, { mapping, settings }, own);
  if (line.quantity.startsWith('-'))
    own.push({ code: 'QUANTITY_NEGATIVE', message: `line ${line.number} orders ${line.quantity}: enter what is given back by hand` });
  else if (isZero(line.quantity) && isZero(amount ?? '1')) {
    told.push(`line ${line.number} orders nothing and costs nothing: left out`);
    return [];
  } else if (isZero(line.quantity))
    own.push({ code: 'QUANTITY_ZERO', message: `line ${line.number} orders nothing and costs ${amount ?? 'something'}` });
  if (!isZero(line.cancelledQuantity))
    told.push(
      `line ${line.number}: ${line.cancelledQuantity} of ${line.quantity} ${line.unit} are cancelled; the ordered quantity is kept`,
    );
  const conversion = sku === undefined ? undefined : conversionOf(line, { mapping, sku }, own);
  const quantity = conversion && orProblem(converted(line.quantity || '0', conversion, line.number), own);
  reasons.push(...own);
  if (own.length > 0 || !conversion || amount === undefined || taxRule === undefined || sku === undefined || quantity === undefined)
    return [];
  return [{ lines: [line], sku, unit: conversion.unit, taxRule, quantity, amount }];
}

function skuOf(
  line: JdePurchaseOrderLine,
  { mapping, settings }: Pick<LinesInput, 'mapping' | 'settings'>,
  reasons: BlockReason[],
): string | undefined {
  const { short, second, third } = line.item;
  const number = oneLine({ ITM: short, LITM: second, AITM: third }[settings.itemNumber]);
  if (number === '') {
    reasons.push({
      code: 'ITEM_NUMBER_EMPTY',
      message: `the item of line ${line.number} has no ${settings.itemNumber} (${[short, second, third].join(' / ')})`,
    });
    return undefined;
  }
  const sku = mapping.lookup('products', number);
  if (sku === undefined) reasons.push(missing('products', number, `line ${line.number}`));
  else if (sku.length > longest.sku)
    reasons.push({ code: 'SKU_TOO_LONG', message: `line ${line.number}: "${sku}" is longer than ${longest.sku} characters` });
  return sku;
}

function conversionOf(
  line: JdePurchaseOrderLine,
  { mapping, sku }: { mapping: Mapping; sku: string },
  reasons: BlockReason[],
): Conversion | undefined {
  const unit = line.unit || nothing;
  const conversion = conversionFor(mapping, { sku, unit });
  if (conversion === 'missing') reasons.push(missing('units', unit, `line ${line.number} (${sku})`, `${sku}/${unit}`));
  else if (conversion === 'unreadable')
    reasons.push({
      code: 'UNIT_UNREADABLE',
      message: `line ${line.number}: the entry of ${unit} in the value map units is neither a unit nor like "12 x Each"`,
    });
  return typeof conversion === 'string' ? undefined : conversion;
}

/** Lines of one SKU as the settings want them; in the place of the first. */
export function merged(items: readonly Item[], { sameSku }: PurchaseFlowSettings): Item[] {
  if (sameSku === 'separate') return [...items];
  const groups = Map.groupBy(items, ({ sku, unit, taxRule, amount, quantity }) => {
    const price = sameSku === 'equal-price' ? priceOf(amount, quantity).price : '';
    return JSON.stringify([sku.toUpperCase(), unit, taxRule, price]);
  });
  return [...groups.values()].map((same) => {
    const [first = same[0] as Item] = same;
    return {
      ...first,
      lines: same.flatMap(({ lines }) => lines),
      quantity: addAmounts(...same.map(({ quantity }) => quantity)),
      amount: addAmounts(...same.map(({ amount }) => amount)),
    };
  });
}
