/** What a call of node-rfc rejects with, as plain data (facts/node-rfc.md 5). */
export interface RfcFailure {
  /** `RfcLibError`, `ABAPError`, `nodeRfcError`, `TypeError`; `Timeout` and `Cancelled` are our own. */
  name: string;
  message: string;
  group?: number;
  code?: number;
  codeString?: string;
  key?: string;
  abapMsgClass?: string;
  abapMsgType?: string;
  abapMsgNumber?: string;
  abapMsgV1?: string;
  abapMsgV2?: string;
  abapMsgV3?: string;
  abapMsgV4?: string;
  /** Where in the parameters a value did not fit. */
  rfmPath?: Record<string, unknown>;
}

const numberFields = ['group', 'code'] as const;
const textFields = [
  'codeString',
  'key',
  'abapMsgClass',
  'abapMsgType',
  'abapMsgNumber',
  'abapMsgV1',
  'abapMsgV2',
  'abapMsgV3',
  'abapMsgV4',
] as const;

/** Native errors are plain objects without a stack, argument mistakes are Errors; both become one shape. Empty fields are left out. */
export function toRfcFailure(error: unknown): RfcFailure {
  if (typeof error !== 'object' || error === null) return { name: 'Error', message: String(error) };
  const raw = error as Record<string, unknown>;
  const failure: RfcFailure = { name: asText(raw['name']) || 'Error', message: asText(raw['message']) };
  for (const field of numberFields) if (typeof raw[field] === 'number') failure[field] = raw[field];
  for (const field of textFields) if (asText(raw[field])) failure[field] = asText(raw[field]);
  const path = raw['rfmPath'];
  if (typeof path === 'object' && path !== null) failure.rfmPath = Object.fromEntries(Object.entries(path));
  return failure;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
