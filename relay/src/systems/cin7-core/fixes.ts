/** What a person can do about a refusal, by the vendor's text (facts/cin7.md 4). */
const fixes: [RegExp, string][] = [
  [
    /locations reference book/i,
    'Name an active location of Cin7 Core (Settings > Locations & Bins) in the integration or its value map, spelled exactly as there.',
  ],
  [/supplier '.*' was not found/i, 'Activate this supplier in Cin7 Core, or remove the link of its record and replay that one first.'],
  [/attribute 'total'/i, 'Correct quantity, price and discount in the source: Cin7 Core multiplies them by itself.'],
  [/purchase task with specified id/i, 'The purchase was removed in Cin7 Core: remove the link of this record, and replay it.'],
  [/payment term/i, 'Create or activate this payment term in Cin7 Core (Settings > Payment Terms), or name another one in the value map.'],
  [/tax rule/i, 'Name an active tax rule for purchases in the integration, or activate it in Cin7 Core (Settings > Taxation Rules).'],
  [/lock(ed)?[ -]?date/i, 'Move the lock date in Cin7 Core (Settings > General), or post by hand in an open period.'],
  [
    /account/i,
    'Enter the code of an active account in the value map; for suppliers it is the system account "Accounts payable" of the chart.',
  ],
  [/attribute set/i, 'Create this attribute set in Cin7 Core (Settings > Additional Attribute Sets), or name another one.'],
  [/currency/i, 'Enable this currency in Cin7 Core.'],
  [/must be unique|already exists/i, 'Another entry of Cin7 Core has this name, possibly a deprecated one; rename one of the two.'],
  [/required attribute/i, 'A field Cin7 Core insists on is empty; fill it in the source or give the integration a default.'],
  [/maximum length|is too long/i, 'Shorten the value in the source.'],
  // Its text for a missing product is not known (facts/cin7.md 9.3), so this comes last.
  [/product/i, 'Create or activate this product in Cin7 Core, or name another one in the value map.'],
];

export function fixFor(text: string): string {
  return fixes.find(([pattern]) => pattern.test(text))?.[1] ?? 'Correct the record in the source or the mapping, and replay it.';
}
