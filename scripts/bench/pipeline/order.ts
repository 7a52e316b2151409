/** What goes through the pipeline: an order of a kilobyte, and the ten fields that a target wants of it. */
export interface Order {
  id: string;
  customer: { number: string; name: string; street: string; city: string; postcode: string; country: string; email: string };
  currency: string;
  lines: { sku: string; text: string; quantity: number; price: string }[];
  note: string;
}

export function orderOf(number: number): Order {
  const id = `SO-${String(number).padStart(9, '0')}`;
  return {
    id,
    customer: {
      number: String(100_000 + (number % 5000)),
      name: `Größe & Söhne ${number % 5000} GmbH`,
      street: `Hauptstraße ${number % 200}`,
      city: 'Köln',
      postcode: '50667',
      country: 'DE',
      email: `einkauf${number % 5000}@kunde.example.com`,
    },
    currency: 'EUR',
    lines: Array.from({ length: 6 }, (_, line) => ({
      sku: `MAT-${line}-${number % 977}`,
      text: 'Wälzlager 6204, einreihig, beidseitig gedichtet',
      quantity: line + 1,
      price: '12.90',
    })),
    note: 'Bitte liefern Sie bis Ende des Monats an Tor 3, Anmeldung beim Pförtner.',
  };
}

/** Ten fields. */
export function toBody({ id, customer, currency, lines, note }: Order) {
  return {
    reference: id,
    customerCode: `C${customer.number}`,
    customerName: customer.name.trim(),
    shipTo: `${customer.street}, ${customer.postcode} ${customer.city}`,
    country: customer.country === 'DE' ? 'Germany' : customer.country,
    email: customer.email.toLowerCase(),
    currency,
    lineCount: lines.length,
    items: lines.map(({ sku, quantity }) => `${quantity} x ${sku}`).join(', '),
    memo: note.slice(0, 60),
  };
}
