import type { ValueMapSpec } from '../flow.ts';

export const purchaseValueMaps: readonly ValueMapSpec[] = [
  {
    id: 'tax-rules',
    title: 'Tax rules',
    from: 'JDE tax area (TXA1), with explanation and taxable: DE19, DE19/V/Y, N',
    to: 'Cin7 Core tax rule',
    missing: 'block',
  },
  {
    id: 'units',
    title: 'Units of measure',
    from: 'JDE unit (UOM), or SKU/unit',
    to: 'Cin7 Core unit, with a factor where it differs: 12 x Item',
    missing: 'block',
  },
  { id: 'locations', title: 'Locations', from: 'JDE branch/plant (MCU)', to: 'Cin7 Core location', missing: 'block' },
  {
    id: 'charges',
    title: 'Charges',
    from: 'JDE line type, or account (OBJ.SUB): F, 5010.100, 5010',
    to: 'Name of a service product in Cin7 Core',
    missing: 'block',
  },
  { id: 'payment-terms', title: 'Payment terms', from: 'JDE payment terms (PTC)', to: 'Cin7 Core payment term', missing: 'block' },
  { id: 'products', title: 'Products', from: 'JDE item number', to: 'SKU in Cin7 Core', missing: 'pass' },
  { id: 'currencies', title: 'Currencies', from: 'JDE currency (CRCD)', to: 'Currency in Cin7 Core', missing: 'pass' },
];
