import type { Random } from '../../sap/seed/random.ts';
import { isoZ } from '../dates.ts';
import { nextId, type CustomerRow, type ProductRow, type StoreState, type VariantRow } from '../state.ts';
import { markets } from './people.ts';

const names = [
  'Bohrhammer',
  'Akkuschrauber',
  'Maßband 5 m',
  'Schleifpapier "fein"',
  'Öl für Sägen',
  'Schutzbrille',
  '电动螺丝刀',
  "O'Brien Wasserwaage",
  'Arbeitshose Größe',
  'Klebeband 50 m',
];

/** Categories, products (every third with variants), one price list, two locations with stock. */
export function seedCatalog(state: StoreState, { random, products, now }: { random: Random; products: number; now: number }): void {
  state.locations.push({ id: 1, code: 'BERLIN', label: 'Lager Berlin' }, { id: 2, code: 'WIEN', label: 'Lager Wien' });
  state.categories.push({ id: 23, name: 'Werkzeug' }, { id: 24, name: 'Verbrauchsmaterial' }, { id: 25, name: 'Sonstiges' });
  state.priceLists.push({ id: 1, name: 'Händler', records: new Map() });
  for (let number = 0; number < products; number += 1) {
    const name = `${names[number % names.length]} ${1001 + number}`;
    const price = random.between(99, 49_900) / 100;
    const product = addProduct(state, { name, sku: `NL-${1001 + number}`, price, categories: [random.pick(state.categories).id] }, now);
    product['brand_name'] = random.pick(['Nordlicht', "O'Brien", 'Kühn & Söhne']);
    if (number % 3 === 2)
      for (const size of ['M', 'L']) product.variants.push(variantRow(state, product, { sku: `${product.sku}-${size}`, price: null }));
    for (const variant of product.variants) state.stock.set(`1/${variant.id}`, random.between(0, 500));
  }
}

export function addProduct(state: StoreState, fields: Partial<ProductRow> & { name: string }, now: number): ProductRow {
  const id = nextId(state, 'product');
  const product: ProductRow = {
    type: 'physical',
    description: '',
    weight: 1.2,
    cost_price: 0,
    retail_price: 0,
    sale_price: 0,
    map_price: 0,
    tax_class_id: 0,
    product_tax_code: '',
    categories: [],
    brand_id: 0,
    inventory_level: 0,
    is_visible: true,
    upc: '',
    gtin: '',
    mpn: '',
    date_created: isoZ(now),
    ...fields,
    id,
    sku: fields.sku ?? '',
    price: fields.price ?? 0,
    base_variant_id: 0,
    inventory_tracking: fields.inventory_tracking ?? 'variant',
    modifiedAt: now,
    variants: [],
  };
  const base = variantRow(state, product, { sku: product.sku, price: null });
  product.variants.push(base);
  product.base_variant_id = base.id;
  state.products.set(id, product);
  return product;
}

export function variantRow(state: StoreState, product: ProductRow, fields: { sku: string; price: number | null }): VariantRow {
  return {
    id: nextId(state, 'variant'),
    product_id: product.id,
    ...fields,
    sku_id: null,
    calculated_price: fields.price ?? product.price,
    sale_price: null,
    weight: null,
    calculated_weight: product['weight'],
    upc: '',
    gtin: '',
    mpn: '',
    inventory_level: 0,
    purchasing_disabled: false,
    option_values: [],
  };
}

/** Customers of all markets; some of them share a name, one in seven has twelve addresses. */
export function seedCustomers(state: StoreState, { random, customers, now }: { random: Random; customers: number; now: number }): void {
  const people = Object.values(markets).flatMap((market) => [...market.people]);
  for (let number = 0; number < customers; number += 1) {
    const person = people[number % people.length];
    if (!person) continue;
    const at = now - random.between(1, 300) * 86_400_000;
    const email = number < people.length ? person.email : `kunde${number}+${person.email}`;
    const customer = addCustomer(state, { ...person, email }, at);
    const addresses = number % 7 === 6 ? 12 : 1;
    for (let which = 0; which < addresses; which += 1) {
      customer.addresses.push({
        id: nextId(state, 'customerAddress'),
        customer_id: customer.id,
        first_name: person.first_name,
        last_name: person.last_name,
        company: person.company,
        address1: which === 0 ? person.street_1 : `${person.street_1}, Tor ${which}`,
        address2: person.street_2,
        city: person.city,
        state_or_province: person.state,
        postal_code: person.zip,
        country_code: person.country_iso2,
        country: person.country,
        phone: person.phone,
        address_type: person.company ? 'commercial' : 'residential',
      });
    }
  }
}

export function addCustomer(state: StoreState, fields: Record<string, unknown>, at: number): CustomerRow {
  const textOf = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const customer: CustomerRow = {
    id: nextId(state, 'customer'),
    email: textOf('email'),
    first_name: textOf('first_name'),
    last_name: textOf('last_name'),
    company: textOf('company'),
    phone: textOf('phone'),
    notes: textOf('notes'),
    tax_exempt_category: textOf('tax_exempt_category'),
    customer_group_id: Number(fields['customer_group_id'] ?? 0),
    registration_ip_address: '',
    authentication: { force_password_reset: false },
    accepts_product_review_abandoned_cart_emails: false,
    origin_channel_id: 1,
    channel_ids: null,
    createdAt: Math.floor(at / 1000) * 1000,
    modifiedAt: Math.floor(at / 1000) * 1000,
    addresses: [],
    attributes: [],
    formFields: [],
  };
  state.customers.set(customer.id, customer);
  return customer;
}
