/** What a person can do about a refusal, by the vendor's text (facts/cin7.md 4). */
const fixes: [RegExp, string][] = [
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
];

export function fixFor(text: string): string {
  return fixes.find(([pattern]) => pattern.test(text))?.[1] ?? 'Correct the record in the source or the mapping, and replay it.';
}
