import { addAmounts, jsonNumber } from '@ml-connector/shared';
import type { Row } from './rows.ts';
import type { Cin7PurchaseCharge, Cin7PurchaseHeader, Cin7PurchaseLine, Cin7PurchaseOrder } from './types.ts';

/** Amounts go out as JSON numbers, exact. The type is set by the POST alone. */
export function headerBody(header: Cin7PurchaseHeader): Row {
  const { PurchaseType: _type, RequiredBy, CurrencyRate, ...rest } = header;
  return {
    ...rest,
    ...(RequiredBy === undefined ? {} : { RequiredBy: `${RequiredBy}T00:00:00` }),
    ...(CurrencyRate === undefined ? {} : { CurrencyRate: numberOf(CurrencyRate) }),
  };
}

export function orderBody(id: string, { Memo, Lines, AdditionalCharges }: Cin7PurchaseOrder, Status: Cin7PurchaseOrder['Status']): Row {
  return {
    TaskID: id,
    CombineAdditionalCharges: false,
    Memo,
    Status,
    Lines: Lines.map(withNumbers),
    AdditionalCharges: AdditionalCharges.map(withNumbers),
  };
}

function withNumbers(entry: Cin7PurchaseLine | Cin7PurchaseCharge): Row {
  const { Quantity, Price, Discount, Tax, Total } = entry;
  return {
    ...entry,
    Quantity: numberOf(Quantity),
    Price: numberOf(Price),
    Discount: numberOf(Discount),
    Tax: numberOf(Tax),
    Total: numberOf(Total),
  };
}

/** JSON knows no noughts in front. */
function numberOf(amount: string): unknown {
  return jsonNumber(addAmounts(amount));
}
