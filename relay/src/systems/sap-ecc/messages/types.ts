/** What a message of SAP means for people who do not know SAP. */
export interface SapMessageExplanation {
  /** Plain words: what SAP says. */
  meaning: string;
  /** The usual cause. */
  cause: string;
  /** Who repairs it: `Finance`, `SAP Basis`, `Master data`, `ml-connector`. */
  who: string;
  /** Transaction to open, with what to do there: `OB52: open the period`. Empty where there is none. */
  transaction: string;
  /** Whether sending it again can help without anybody doing anything. */
  retryHelps: 'yes' | 'after the repair' | 'no';
}

/** Message class and number, as in RETURN: `F5`, `201`. */
export interface SapMessageId {
  ID: string;
  NUMBER: string;
}
