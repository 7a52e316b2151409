import type { Units } from '../money.ts';

/** What somebody puts into a cart: everything that an order's amounts follow from. */
export interface OrderPlan {
  id: number;
  currency: string;
  /** Prices, shipping and discounts below contain the tax. */
  isTaxInclusive: boolean;
  lines: LinePlan[];
  /** None for digital orders. */
  destinations: DestinationPlan[];
  coupons: { id: number; code: string; type: number; amount: Units; discount: Units }[];
  manualDiscount: Units;
  fees: { id: number; name: string; cost: Units; taxes: TaxPlan[] }[];
  /** Tenders; they do not change the total. */
  giftCertificate: Units;
  storeCredit: Units;
}

export interface LinePlan {
  id: number;
  productId: number;
  variantId: number;
  name: string;
  sku: string;
  type: 'physical' | 'digital' | 'giftcertificate';
  quantity: number;
  price: Units;
  taxes: TaxPlan[];
  /** Index of its destination. */
  destination: number;
  /** For the whole line; 0n: none. */
  wrapping: Units;
  /** Index of the line of the bundle it is part of. */
  bundle?: number;
  brand: string;
}

export interface DestinationPlan {
  id: number;
  address: OrderAddressRow;
  method: string;
  cost: Units;
  handling: Units;
  taxes: TaxPlan[];
}

export interface TaxPlan {
  name: string;
  /** Percent with four decimals: 19 is 190000n. */
  rate: Units;
  classId: number;
  className: string;
}

export interface OrderAddressRow {
  first_name: string;
  last_name: string;
  company: string;
  street_1: string;
  street_2: string;
  city: string;
  state: string;
  zip: string;
  country: string;
  country_iso2: string;
  phone: string;
  email: string;
}
