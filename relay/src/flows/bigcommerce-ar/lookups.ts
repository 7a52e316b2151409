import { compareAmounts, type Amount } from '@ml-connector/shared';
import type { BlockReason, Mapping } from '../flow.ts';
import type { ArAccount } from '../sap-ar/index.ts';
import type { OrderContent, OrderPayloadLine } from './order-payload.ts';
import type { AccountSettings, Dimension } from './settings.ts';

/** Says in a value map that there is none. */
const none = '-';

/** Looks codes up and remembers all that are missing, so that a person sees them at once. */
export class Lookups {
  readonly #mapping: Mapping;
  readonly #settings: AccountSettings;
  readonly #order: OrderContent;
  readonly #missing = new Map<string, BlockReason>();

  constructor(mapping: Mapping, settings: AccountSettings, order: OrderContent) {
    this.#mapping = mapping;
    this.#settings = settings;
    this.#order = order;
  }

  get missing(): BlockReason[] {
    return [...this.#missing.values()];
  }

  /** Of a line's revenue, with its cost objects. */
  revenue(line: OrderPayloadLine): ArAccount {
    const { revenueBy } = this.#settings;
    const glAccount = this.#code('revenue-accounts', this.#named(revenueBy, line));
    return { glAccount, ...this.#costObjects(line) };
  }

  /** Of anything else; its cost objects are those of the line it belongs to, or of none. */
  other(code: string, line?: OrderPayloadLine): ArAccount {
    return { glAccount: this.#code('other-accounts', code), ...this.#costObjects(line) };
  }

  /** A balance sheet account: no cost objects. */
  balance(code: string): ArAccount {
    return { glAccount: this.#code('other-accounts', code) };
  }

  /** `taxes`: all on one thing, `tax` their sum. None where the map says that the account takes no tax code, which is wrong where there is tax. */
  taxCode(taxes: readonly { name: string; rate: string }[], tax: Amount): { taxCode?: string } {
    const key = taxKey(taxes, this.#order, this.#settings);
    const taxCode = this.#code('tax-codes', key);
    if (taxCode !== none) return { taxCode };
    if (compareAmounts(tax, '0') !== 0)
      this.#missing.set(`no code ${key}`, {
        code: 'TAX_WITHOUT_CODE',
        message: `the value map tax-codes says that "${key}" has no tax code, but there is tax of ${tax} on it: without a code it has no account`,
      });
    return {};
  }

  paymentCustomer(): string {
    return this.#code('payment-customers', this.#order.paymentMethod);
  }

  #costObjects(line: OrderPayloadLine | undefined): Omit<ArAccount, 'glAccount'> {
    const { costCenterBy, profitCenterBy } = this.#settings;
    const costCenter = this.#costObject('cost-centers', costCenterBy, line);
    const profitCenter = this.#costObject('profit-centers', profitCenterBy, line);
    return { ...(costCenter !== undefined && { costCenter }), ...(profitCenter !== undefined && { profitCenter }) };
  }

  #costObject(valueMapId: string, by: Dimension, line: OrderPayloadLine | undefined): string | undefined {
    if (by === 'none') return undefined;
    const code = this.#code(valueMapId, line || by === 'channel' || by === 'country' ? this.#named(by, line) : '*');
    return code === none ? undefined : code;
  }

  #named(by: Dimension, line: OrderPayloadLine | undefined): string {
    const { channelId, shipTo } = this.#order;
    const name = {
      category: line?.category ?? '',
      brand: line?.brand ?? '',
      sku: line?.sku ?? '',
      'product-type': line?.type ?? '',
      channel: String(channelId),
      country: shipTo.country,
      none: '*',
    }[by];
    return name === '' ? '(none)' : name;
  }

  #code(valueMapId: string, code: string): string {
    const found = this.#mapping.lookup(valueMapId, code);
    if (found !== undefined) return found;
    const message = `no entry for "${code}" in the value map ${valueMapId}`;
    this.#missing.set(`${valueMapId} ${code}`, { code: 'VALUE_MAP_MISSING', message, missing: { valueMapId, code } });
    return '';
  }
}

/** `DE 19`, `US-California 6+1.25`, `DE 0` without any tax; or by name, `VAT 19`. */
export function taxKey(
  taxes: readonly { name: string; rate: string }[],
  { shipTo: { country, state } }: Pick<OrderContent, 'shipTo'>,
  { taxKeyBy }: Pick<AccountSettings, 'taxKeyBy'>,
): string {
  // Each address of an order brings the same tax once more.
  const different = [...new Map(taxes.map((tax) => [`${tax.name} ${tax.rate}`, tax])).values()];
  const rates = different.length === 0 ? '0' : different.map(({ rate }) => rate).join('+');
  const place = ['US', 'CA'].includes(country) && state !== '' ? `${country}-${state}` : country;
  const names = different.map(({ name }) => name).join('+') || place;
  return `${taxKeyBy === 'name-rate' ? names : place} ${rates}`.trim();
}
