import { divideAmounts, isoCurrencyDecimals, multiplyAmounts, roundAmount } from '@ml-connector/shared';
import type { Cin7PurchaseHeader, Cin7PurchaseOrder } from '../../systems/cin7-core/index.ts';
import { amountDecimals } from './amounts.ts';
import type { PutBody } from './payload.ts';

/** Percentages by the names of tax rules in lower case; empty where no tax is to be charged. */
export type TaxPercents = ReadonlyMap<string, string>;

/** The purchase as it is sent. */
export interface WantedPurchase {
  header: Cin7PurchaseHeader;
  order: Cin7PurchaseOrder;
}

export interface WantedBy {
  supplierId: string;
  percents: TaxPercents;
  status: Cin7PurchaseOrder['Status'];
}

export function wantedPurchase({ purchase, currency }: PutBody, { supplierId, percents, status }: WantedBy): WantedPurchase {
  const decimals = Math.min(amountDecimals, isoCurrencyDecimals(currency));
  const Tax = ({ Total, TaxRule }: { Total: string; TaxRule: string }): string => {
    const product = multiplyAmounts(Total, percents.get(TaxRule.toLowerCase()) ?? '0');
    return roundAmount(divideAmounts(product, '100', decimals), amountDecimals);
  };
  return {
    header: { SupplierID: supplierId, ...purchase.header },
    order: {
      Status: status,
      Memo: purchase.Memo,
      Lines: purchase.Lines.map(({ UOM: _unit, ...line }) => ({ ...line, Tax: Tax(line) })),
      AdditionalCharges: purchase.AdditionalCharges.map((charge) => ({ ...charge, Tax: Tax(charge) })),
    },
  };
}
