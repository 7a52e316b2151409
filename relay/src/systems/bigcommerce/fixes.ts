/** What a person can do about a refusal, by the vendor's words (facts/bigcommerce.md 4). */
const fixes: [RegExp, string][] = [
  [/destination/i, 'Webhooks need a public https address on port 443 with a trusted certificate: set it as public address of the relay.'],
  [/\bsku\b.*(exist|unique|duplicate|in use)|(exist|unique|duplicate|in use).*\bsku\b/i, 'Another product of the store has this SKU.'],
  [/\bname\b.*(exist|unique|duplicate|in use)/i, 'Another product of the store has this name; rename one of the two.'],
  [
    /tracked by (product|variant)/i,
    'The stock of this SKU is kept on another level (product or variant): change its inventory tracking in the store.',
  ],
  [/categor/i, 'Name a category that the store has in the settings of the integration.'],
  [/currency/i, 'Enable this currency in the store (Settings > Currencies), or name another one.'],
  [/not supported by this resource|cannot be written/i, 'The store does not let this field be written: this is a defect of the relay.'],
];

export function fixFor(said: string, status: number): string {
  const known = fixes.find(([pattern]) => pattern.test(said))?.[1];
  if (known) return known;
  if (status === 404) return 'It may have been deleted in the store; check there.';
  if (status === 413) return 'More was sent than the store takes at a time: this is a defect of the relay.';
  return 'Correct the record in the source or the mapping, and replay it.';
}
