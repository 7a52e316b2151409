export { addSapMessages, explainSapMessage, sentenceOf } from './explain.ts';
export { isErrorMessage, returnLines } from './return-lines.ts';
export { explainedSapError, sapMessagesOf, tellingMessages } from './sap-error.ts';
export type { KnownSapMessage, SapMessageExplanation, SapMessageId } from './types.ts';
