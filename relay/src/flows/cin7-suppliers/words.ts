/** How a source's suppliers are called, and how one of Cin7 Core says whose it is: Cin7 Core has no field for foreign keys (facts/cin7.md 10). */
export interface SupplierWords {
  /** In messages, before the number: `vendor`. */
  noun: string;
  /** The number as people write it, in `Acme GmbH [100123]`. */
  short(number: string): string;
  /** What stands in the comments, for people and for us: `SAP vendor 100123`. */
  comment(number: string): string;
  /** The number that such comments name; undefined where they name none. */
  inComment(comments: string): string | undefined;
  /** What stands in the first attribute of our attribute set, and the number that it means. */
  attribute(number: string): string;
  inAttribute(text: string): string;
}
