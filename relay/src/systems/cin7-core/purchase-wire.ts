import { jsonNumber } from '@ml-connector/shared';
import type { Row } from './rows.ts';
import type { Cin7PurchaseCharge, Cin7PurchaseHeader, Cin7PurchaseLine, Cin7PurchaseOrder } from './types.ts';

/** Amounts go out as JSON numbers with the digits they have. The type is set by the POST alone. */
export function headerBody(header: Cin7PurchaseHeader): Row {
  const { PurchaseType: _type, RequiredBy, CurrencyRate, ...rest } = header;
  return {
    ...rest,
    ...(RequiredBy === undefined ? {} : { RequiredBy: `${RequiredBy}T00:00:00` }),
    ...(CurrencyRate === undefined ? {} : { CurrencyRate: jsonNumber(CurrencyRate) }),
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
    Quantity: jsonNumber(Quantity),
    Price: jsonNumber(Price),
    Discount: jsonNumber(Discount),
    Tax: jsonNumber(Tax),
    Total: jsonNumber(Total),
  };
}
