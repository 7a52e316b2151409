import type { Cin7PurchaseCharge, Cin7PurchaseHeader, Cin7PurchaseLine } from '../../systems/cin7-core/index.ts';
import type { JdePurchaseOrder } from '../../systems/jde/index.ts';

/** An order with all its lines, or the key of one that JD Edwards no longer has. */
export type OrderPayload =
  { kind: 'order'; environment: string; order: JdePurchaseOrder } | { kind: 'gone'; environment: string; key: string };

/** What is asked of Cin7 Core for one order. */
export type PurchaseBody = PutBody | CancelBody;

/** The order shall be there like this. */
export interface PutBody {
  action: 'put';
  key: string;
  /** First line of the note. */
  mark: string;
  /** AN8; which supplier of Cin7 Core that is turns out when posting. */
  supplier: string;
  /** The supplier must have it in Cin7 Core, as its purchases are always in it. */
  currency: string;
  /** Nothing more happens to it in JD Edwards: never posted, it needs no purchase any more. */
  isClosed: boolean;
  /** Of all lines and charges, without tax. */
  total: string;
  /** The only part that field overrides may change. */
  purchase: { header: WantedHeader; Memo: string; Lines: WantedLine[]; AdditionalCharges: WantedCharge[] };
}

/** No purchase of this order shall be open; the same for each version of the order that is cancelled. */
export interface CancelBody {
  action: 'cancel';
  key: string;
  mark: string;
}

export type WantedHeader = Omit<Cin7PurchaseHeader, 'SupplierID'>;

/** The tax depends on what Cin7 Core says of the rule. */
export type WantedLine = Omit<Cin7PurchaseLine, 'Tax'> & {
  /** Unit of the quantity, as Cin7 Core names it; its product must be kept in it. */
  UOM: string;
};
export type WantedCharge = Omit<Cin7PurchaseCharge, 'Tax'>;
