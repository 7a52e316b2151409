import type { SapMaterial } from '../../../systems/sap-ecc/index.ts';
import type { Mapping } from '../../flow.ts';
import { mapMaterial } from '../map.ts';
import type { MaterialPayload, UpsertBody } from '../payload.ts';

/** An ordinary material with price and stock. */
export function material(more: Partial<SapMaterial> = {}): SapMaterial {
  return {
    number: '000000000000004711',
    description: 'Akkuschrauber Größe 2',
    materialType: 'HAWA',
    materialGroup: '001',
    baseUnit: 'ST',
    ean: '4006381333931',
    grossWeight: '1.5',
    netWeight: '1.2',
    weightUnit: 'KG',
    isDeleted: false,
    stock: [
      { plant: '1000', storageLocation: '0001', quantity: '12.9' },
      { plant: '1000', storageLocation: '0002', quantity: '3' },
      { plant: '2000', storageLocation: '0001', quantity: '7' },
    ],
    prices: [price()],
    ...more,
  };
}

export function price(more: Partial<SapMaterial['prices'][number]> = {}): SapMaterial['prices'][number] {
  return {
    conditionType: 'PR00',
    salesOrganisation: '1000',
    distributionChannel: '10',
    amount: '19.90',
    currency: 'EUR',
    per: '1',
    unit: 'ST',
    ...more,
  };
}

export const ordinarySettings = {
  salesOrganisation: '1000',
  distributionChannel: '10',
  pricesIncludeTax: true,
  stockLocations: [
    { locationId: 1, plant: '1000', storageLocations: ['0001'] },
    { locationId: 2, plant: '2000' },
  ],
};

export function mapping(settings: Record<string, unknown> = {}, categories: Record<string, string> = { '001': '23' }): Mapping {
  return { settings: { ...ordinarySettings, ...settings }, lookup: (_map, code = '') => categories[code] };
}

/** What the ordinary settings make of a material, with what they note. */
export function mapped(more: Partial<SapMaterial> = {}, settings: Record<string, unknown> = {}): { body: UpsertBody; notes: string[] } {
  const outcome = mapMaterial(payload(more), mapping(settings));
  if (outcome.outcome !== 'mapped' || outcome.body.action !== 'upsert') throw new Error(`sample material is ${JSON.stringify(outcome)}`);
  return { body: outcome.body, notes: outcome.notes };
}

export function payload(more: Partial<SapMaterial> = {}): MaterialPayload {
  return { kind: 'material', material: material(more) };
}
