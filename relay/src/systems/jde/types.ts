import type { JdeCondition, JdeInfo } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { JdeSettings } from './settings.ts';

/**
 * One JD Edwards environment, reached through the site's agents. Reads only, so whatever went wrong may be repeated. Every call is traced to
 * its scope.
 */
export interface JdeSession {
  readonly settings: JdeSettings;
  /** Rows in key order. Values as `jdeQuery` says: decimals as text, dates `YYYYMMDD`, times `HHMMSS`, text trimmed, `''` for nothing. */
  query<Field extends string>(query: JdeTableQuery<Field>, scope: CallScope): AsyncGenerator<JdeRow<Field>, void, void>;
  count(table: string, where: JdeCondition[], scope: CallScope): Promise<number>;
  /** Rejects with `halt` when another environment answers than the connection names. */
  info(scope: CallScope): Promise<JdeInfo>;
}

export interface JdeTableQuery<Field extends string> {
  table: string;
  fields: readonly Field[];
  /** Unique together, and the order of reading; each of them among `fields`. */
  key: readonly NoInfer<Field>[];
  where?: JdeCondition[];
  afterFirstKey?: string;
  maxRows?: number;
  /** Fields that may be missing at a site; they come as `''`. Any other that AIS withholds rejects with `halt`. */
  optional?: readonly NoInfer<Field>[];
}

export type JdeRow<Field extends string> = Record<Field, string>;

/** A supplier as the address book and the supplier master have it (facts/jde-ais.md 9). */
export interface JdeSupplier {
  /** AN8 in plain digits: `6001`. */
  number: string;
  alphaName: string;
  /** F0111 of the entity itself (IDLN 0); '' where there is none. */
  mailingName: string;
  longNumber: string;
  /** AT1, UDC 01/ST. */
  searchType: string;
  taxId: string;
  additionalTaxId: string;
  language: string;
  /** The one in effect today; undefined where none is. */
  address: JdeAddress | undefined;
  /** Of the company itself (IDLN 0), in the order of its lines. */
  phones: { type: string; prefix: string; number: string }[];
  /** ETP E (e-mail) and I (internet address): the company's own, then those of its contacts, each in the order of EHIER. */
  electronicAddresses: { type: string; address: string }[];
  master: {
    /** TRAP, UDC-like code of F0014. */
    paymentTerms: string;
    /** CRRP; '' means the company's. */
    currency: string;
    taxArea: string;
    taxExplanation: string;
    glClass: string;
    /** HDPY: payments are held. */
    isPaymentHeld: boolean;
    holdCode: string;
  };
}

export interface JdeAddress {
  /** EFTB, `YYYYMMDD`; '' where the first one has none. */
  effectiveFrom: string;
  lines: readonly string[];
  postalCode: string;
  city: string;
  county: string;
  state: string;
  /** UDC 00/CN: not always ISO. */
  country: string;
}

/** A purchase order with all its lines, at least one, in the order of LNID. Amounts and quantities are decimal texts. */
export interface JdePurchaseOrder {
  /** `KCOO-DCTO-DOCO-SFXO`: `00200-OP-12345-000`. */
  key: string;
  company: string;
  type: string;
  number: string;
  suffix: string;
  supplier: string;
  branch: string;
  /** `YYYYMMDD` or ''. */
  orderDate: string;
  requestedDate: string;
  promisedDate: string;
  cancelDate: string;
  /** VR01, VR02. */
  references: readonly [string, string];
  remark: string;
  deliveryInstructions: readonly [string, string];
  paymentTerms: string;
  taxArea: string;
  taxExplanation: string;
  holdCode: string;
  /** CRRM: D domestic, F foreign. */
  currencyMode: string;
  currency: string;
  baseCurrency: string;
  exchangeRate: string;
  orderedBy: string;
  lines: JdePurchaseOrderLine[];
}

export interface JdePurchaseOrderLine {
  /** LNID with three decimals: `1.000`, `1.100`. */
  number: string;
  /** LNTY: S stock, N non-stock, T text, F freight, J job cost (account), ... */
  type: string;
  /** ITM, LITM, AITM; '' where the line has no item. */
  item: { short: string; second: string; third: string };
  descriptions: readonly [string, string];
  branch: string;
  lastStatus: string;
  nextStatus: string;
  /** In `unit`. */
  quantity: string;
  unit: string;
  openQuantity: string;
  receivedQuantity: string;
  cancelledQuantity: string;
  /** UOM3, the unit that `unitCost` is for. */
  purchasingUnit: string;
  /** In the company's currency; `unitCost` is per purchasing unit. */
  unitCost: string;
  extendedAmount: string;
  /** In the order's currency, for foreign orders. */
  foreignUnitCost: string;
  foreignExtendedAmount: string;
  isTaxable: boolean;
  /** '' where that of the order counts. */
  taxArea: string;
  taxExplanation: string;
  requestedDate: string;
  promisedDate: string;
  cancelDate: string;
  reference: string;
  /** Of a line that posts to an account without an item; empty texts where it does not. */
  account: { id: string; businessUnit: string; object: string; subsidiary: string };
}

export interface JdeAccount {
  /** AID, zero-filled: `00012345`. Stable. */
  id: string;
  company: string;
  /** Without the blanks in front. */
  businessUnit: string;
  object: string;
  subsidiary: string;
  thirdNumber: string;
  description: string;
  levelOfDetail: string;
  /** PEC: '' posts; N, I do not (facts/jde-ais.md 9). */
  postingEdit: string;
  currency: string;
}
