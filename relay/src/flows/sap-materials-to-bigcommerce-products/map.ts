import { alphaOut, compareAmounts, multiplyAmounts, roundAmount } from '@ml-connector/shared';
import type { SapMaterial } from '../../systems/sap-ecc/index.ts';
import type { BlockReason, MapOutcome, Mapping } from '../flow.ts';
import { mapPrices } from './map-prices.ts';
import { mapStock } from './map-stock.ts';
import type { MaterialPayload, ProductBody, UpsertBody } from './payload.ts';
import { materialFlowSettings, type MaterialFlowSettings } from './settings.ts';

/** A material as a product of the store. Pure; every reason that blocks it is told at once. */
export function mapMaterial(payload: MaterialPayload, mapping: Mapping): MapOutcome<ProductBody> {
  const settings = materialFlowSettings.parse(mapping.settings);
  const number = alphaOut(payload.kind === 'gone' ? payload.number : payload.material.number);
  if (payload.kind === 'gone') return hidden({ number, sku: settings.sku === 'ean' ? '' : number }, settings, 'is gone from SAP');
  const { material } = payload;
  const sku = settings.sku === 'ean' ? material.ean : number;
  if (!sku) return { outcome: 'skipped', reason: 'the material has no EAN, by which its product is found' };
  if (material.isDeleted) return hidden({ number, sku }, settings, 'is flagged for deletion');

  const reasons: BlockReason[] = [];
  const notes: string[] = [];
  const weightKg = toKilograms(material, settings, notes);
  const gtin = toGtin(material, notes);
  const name = fit(oneLine(material.description), notes);
  const creates = settings.missingProducts === 'create';
  if (!name && (settings.descriptions || creates)) reasons.push({ code: 'NAME_EMPTY', message: 'the material has no description in SAP' });
  const categories = creates ? toCategories(material, mapping, reasons) : [];
  const { prices, fault } = mapPrices(material, settings, notes);
  if (reasons.length > 0) return { outcome: 'blocked', reasons };

  const body: UpsertBody = {
    action: 'upsert',
    number,
    sku,
    product: {
      ...(settings.descriptions ? { name } : {}),
      ...(settings.weights && weightKg !== undefined ? { weightKg } : {}),
      ...(settings.codes && gtin ? { gtin } : {}),
    },
    prices,
    ...(fault ? { priceFault: fault } : {}),
    stock: settings.stock ? mapStock(material, settings) : [],
  };
  const isVisible = settings.visibleAtCreation;
  const creation = { name, weightKg: weightKg ?? '0', ...(gtin ? { gtin } : {}), categories, isVisible, tracksStock: settings.stock };
  return { outcome: 'mapped', notes, body: creates ? { ...body, creation } : body };
}

/** Of a product; the store takes no more (facts/bigcommerce.md 11). */
export const longestName = 250;

function hidden(product: { number: string; sku: string }, { whenDeleted }: MaterialFlowSettings, what: string): MapOutcome<ProductBody> {
  if (whenDeleted === 'leave') return { outcome: 'skipped', reason: `the material ${what}; its product is left as it is` };
  return { outcome: 'mapped', body: { action: 'hide', ...product }, notes: [`the material ${what}: its product is hidden`] };
}

/** Exact; T006 has many names for them, these are the usual ones. */
const kilograms: Readonly<Record<string, string>> = {
  KG: '1',
  G: '0.001',
  MG: '0.000001',
  TO: '1000',
  T: '1000',
  LB: '0.45359237',
  LBS: '0.45359237',
  OZ: '0.028349523125',
  '': '1',
};

function toKilograms(
  { grossWeight, netWeight, weightUnit }: SapMaterial,
  { weight }: MaterialFlowSettings,
  notes: string[],
): string | undefined {
  const [first, second] = weight === 'gross' ? [grossWeight, netWeight] : [netWeight, grossWeight];
  const value = compareAmounts(first, '0') > 0 ? first : second;
  if (compareAmounts(value, '0') <= 0) return undefined;
  const factor = kilograms[weightUnit.toUpperCase()];
  if (factor) return multiplyAmounts(value, factor);
  notes.push(`the weight ${value} ${weightUnit} is not transferred: ${weightUnit} is no known unit of weight`);
  return undefined;
}

function toGtin({ ean }: SapMaterial, notes: string[]): string {
  if (ean === '' || /^\d{8,14}$/.test(ean)) return ean;
  notes.push(`the EAN ${ean} is not transferred: a GTIN has 8 to 14 digits`);
  return '';
}

/** What is looked up where SAP holds nothing, so that a map can say what that means. */
export const emptyCode = '(empty)';

function toCategories({ materialGroup }: SapMaterial, mapping: Mapping, reasons: BlockReason[]): number[] {
  const code = materialGroup || emptyCode;
  const mapped = mapping.lookup('categories', code);
  if (mapped === undefined) {
    const message = `material group ${code} has no entry in the value map categories`;
    reasons.push({ code: 'VALUE_MAP_MISSING', message, missing: { valueMapId: 'categories', code } });
    return [];
  }
  const ids = mapped.split(/[\s,;]+/).filter(Boolean);
  if (ids.length > 0 && ids.every((id) => /^[1-9]\d{0,8}$/.test(id))) return ids.map(Number);
  reasons.push({ code: 'CATEGORY_INVALID', message: `the value map categories gives "${mapped}" for ${code}, not ids of categories` });
  return [];
}

function oneLine(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}

function fit(text: string, notes: string[]): string {
  if (text.length <= longestName) return text;
  notes.push(`the name is cut from ${text.length} to ${longestName} characters: "${text}"`);
  // Half of a character outside the basic plane would arrive as rubbish.
  return text
    .slice(0, longestName)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd();
}

/** Four decimals, as the store keeps them; text such as `LBS`, `KGS`, `Ounces`. Undefined for a unit that nobody knows. */
export function inStoreUnit(weightKg: string, storeUnit: string): string | undefined {
  const perKilogram: Readonly<Record<string, string>> = { k: '1', g: '1000', l: '2.2046226218487757', o: '35.27396194958041', t: '0.001' };
  const factor = perKilogram[storeUnit.trim().charAt(0).toLowerCase()];
  return factor && roundAmount(multiplyAmounts(weightKg, factor), 4);
}
