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

/** An entry of messages.json, or of a file of one's own. */
export interface KnownSapMessage extends SapMessageExplanation {
  /** Message class and number: `F5 201`. */
  message: string;
  /** Stable code of the error that it becomes; left out: `SAP_REFUSED`. `SAP_LOCKED` is tried again by itself. */
  error?: string;
  /** Number and meaning were seen in a public copy of SAP's own text, not only remembered. */
  isVerified: boolean;
}
