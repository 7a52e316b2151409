/** Errors as the RFC library reports them: code, group, key (facts/sap-ecc.md 1.2). */
export interface RfcErrorInfo {
  code: number;
  group: number;
  key: string;
  message: string;
  abapMsgClass?: string;
  abapMsgType?: string;
  abapMsgNumber?: string;
  abapMsgV1?: string;
  abapMsgV2?: string;
}

/** Thrown by a function module or the gateway; becomes the caller's RFC error. */
export class RfcError extends Error {
  override readonly name = 'RfcError';
  readonly info: RfcErrorInfo;
  /** The ABAP session ends with it, and its uncommitted changes are gone. */
  readonly endsSession: boolean;

  constructor(info: RfcErrorInfo, endsSession: boolean) {
    super(info.message);
    this.info = info;
    this.endsSession = endsSession;
  }
}

interface MessageId {
  class: string;
  type: string;
  number: string;
  v1?: string;
}

/** RAISE in a function module: the session lives on. */
export function abapException(key: string, message?: MessageId): RfcError {
  const text = message ? `ID:${message.class} Type:${message.type} Number:${message.number} ${message.v1 ?? ''}`.trimEnd() : ' Number:000';
  return new RfcError({ code: 5, group: 1, key, message: text, ...messageFields(message) }, false);
}

/** MESSAGE of type E, A or X outside of a RAISE: ends the session. */
export function abapMessage(text: string, message: MessageId): RfcError {
  return new RfcError({ code: 4, group: 2, key: text, message: text, ...messageFields(message) }, true);
}

/** A short dump. */
export function shortDump(key: string, message: string): RfcError {
  return new RfcError({ code: 3, group: 2, key, message }, true);
}

export function logonFailure(message: string): RfcError {
  return new RfcError({ code: 2, group: 3, key: 'RFC_LOGON_FAILURE', message }, true);
}

function messageFields(message: MessageId | undefined): Partial<RfcErrorInfo> {
  if (!message) return {};
  const { class: abapMsgClass, type: abapMsgType, number: abapMsgNumber, v1: abapMsgV1 = '' } = message;
  return { abapMsgClass, abapMsgType, abapMsgNumber, abapMsgV1 };
}
