import type { LocationRow, ProductRow } from './product-rows.ts';
import { seededId } from './seeded-id.ts';

/** Stock products that exist, active, from 1 to this number. A simulated ERP uses the same numbers for its items. */
export const stockProducts = 400;

/** `ML-00001` to `ML-00400`. */
export function skuOf(n: number): string {
  return `ML-${String(n).padStart(5, '0')}`;
}

/** Unit the product is kept in: every tenth in kilograms, every fifth of the others in cases, the rest in pieces. */
export function uomOf(n: number): 'EA' | 'CS' | 'KG' {
  if (n % 10 === 0) return 'KG';
  return n % 5 === 0 ? 'CS' : 'EA';
}

export function nameOf(n: number): string {
  const noun = nouns[n % nouns.length] ?? '';
  const kind = kinds[Math.floor(n / nouns.length) % kinds.length] ?? '';
  return `${noun} ${kind} ${n}`;
}

/** Names of service products, for charges that have no item. */
export const serviceProducts = ['Freight', 'Handling', 'Account charge'] as const;

export function seedProducts(): Map<string, ProductRow> {
  const stock = Array.from({ length: stockProducts }, (_, index) => index + 1).map((n) => product(skuOf(n), nameOf(n), { UOM: uomOf(n) }));
  const old = Array.from({ length: 12 }, (_, index) => stockProducts + 1 + index).map((n) =>
    product(skuOf(n), nameOf(n), { Status: 'Deprecated' }),
  );
  const services = serviceProducts.map((name) =>
    product(name.toUpperCase().replace(' ', '-'), name, { Type: 'Service', Category: 'Services' }),
  );
  // Found by every filter that looks for ML-00007, and none of them is it.
  const alike = [
    product('ML-00007-SET', 'Dübel Messing 7, Set', {}),
    product('ML-000071', 'Gasket, old number', {}),
    product('OEM-ML-00007', 'OEM bracket', {}),
  ];
  return new Map([...alike, ...stock, ...old, ...services].map((row) => [row.ID, row]));
}

export function seedLocations(): LocationRow[] {
  const location = (Name: string, more: Partial<LocationRow> = {}): LocationRow => ({
    ID: seededId(`location ${Name}`),
    Name,
    IsDefault: false,
    IsDeprecated: false,
    ...more,
  });
  return [
    location('Main Warehouse', { IsDefault: true }),
    location('Lager Köln'),
    location('Lager München'),
    location('上海仓库'),
    location('Service Van'),
    location('Old Yard', { IsDeprecated: true }),
  ];
}

/** A product as somebody enters it; what is left out is plain. */
export function product(SKU: string, Name: string, more: Partial<ProductRow>): ProductRow {
  return {
    ID: seededId(`product ${SKU}`),
    SKU,
    Name,
    Category: 'Goods',
    Type: 'Stock',
    CostingMethod: 'FIFO',
    DefaultLocation: 'Main Warehouse',
    UOM: 'EA',
    Status: 'Active',
    PurchaseTaxRule: 'Tax on Purchases',
    LastModifiedOn: '2024-02-02T03:37:30.39Z',
    ...more,
  };
}

const nouns = [
  'Schraube',
  'Dübel',
  'Gasket',
  '轴承',
  'Kugelhahn',
  'Brückenklemme',
  'Käfigmutter',
  '电机',
  'O’Brien valve',
  'Fußplatte',
  'Pump',
];
const kinds = ['verzinkt', 'Messing', 'stainless', 'grün', '不锈钢', 'M8', 'large'];
