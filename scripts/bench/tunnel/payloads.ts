/** What travels in the benchmarks: a BAPI call of 1.1 KB, its answer of 2.3 KB, and rows of an invoice table. */
export interface OrderRequest {
  function: string;
  header: Record<string, string>;
  items: Record<string, string>[];
}

export function orderRequest(n: number): OrderRequest {
  return {
    function: 'BAPI_PO_CREATE1',
    header: {
      COMP_CODE: '1000',
      DOC_TYPE: 'NB',
      VENDOR: padded(100_000 + (n % 9999), 10),
      PURCH_ORG: '1000',
      PUR_GROUP: '001',
      CURRENCY: 'EUR',
      DOC_DATE: '20260828',
    },
    items: Array.from({ length: 6 }, (_, i) => ({ ...item(i), NET_PRICE: '104.50' })),
  };
}

export function orderAnswer({ header }: OrderRequest): Record<string, unknown> {
  return {
    EXPPURCHASEORDER: `4500017${header['VENDOR']?.slice(-3)}`,
    RETURN: [
      {
        TYPE: 'S',
        ID: '06',
        NUMBER: '017',
        MESSAGE: 'Standard PO created under the number 4500017',
        LOG_NO: '',
        MESSAGE_V1: 'Standard PO',
      },
    ],
    POITEM: Array.from({ length: 11 }, (_, i) => ({ ...item(i), PO_UNIT: 'EA', NET_PRICE: '104.50', MATL_GROUP: '00101' })),
  };
}

function item(i: number): Record<string, string> {
  return {
    PO_ITEM: padded((i + 1) * 10, 5),
    MATERIAL: padded(4711 + i, 18),
    PLANT: '1000',
    QUANTITY: '12.000',
    SHORT_TEXT: 'Hex bolt M8 x 40 zinc plated',
  };
}

/** 20 columns, 189 bytes of JSON, random enough that zstd makes about 4.4 : 1 of it, as of real tables. */
export function invoiceRow(n: number): string[] {
  const noise = (salt: number): number => Math.imul(n ^ 0x9e3779b9, 2654435761 + salt * 97) >>> 0;
  const pick = (salt: number, values: string[]): string => values[noise(salt) % values.length] ?? '';
  return [
    '100',
    '1000',
    String(1_900_000_000 + n),
    '2026',
    padded(noise(1) % 999, 3),
    `2026${padded(1 + (noise(2) % 12), 2)}${padded(1 + (noise(3) % 28), 2)}`,
    pick(4, ['KR', 'RE', 'SA', 'DR']),
    padded(noise(5) % 9_999_999, 10),
    padded(400_000 + (noise(6) % 999), 10),
    ((noise(7) % 10_000_000) / 100).toFixed(2),
    'EUR',
    pick(8, ['S', 'H']),
    'V1',
    ((noise(9) % 100_000) / 100).toFixed(2),
    '1000',
    padded(noise(10) % 9999, 10),
    `Invoice ${noise(11).toString(36)} delivery ${noise(13) % 99_999}`,
    '',
    pick(12, ['Invoice', 'Payment', 'Freight cost', 'Office supply']),
    '',
  ];
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
