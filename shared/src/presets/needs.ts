/** What a flow needs of an ERP. Tables with the fields that are read or compared. */
export interface SapNeeds {
  functions: readonly string[];
  /** Functions whose changes are committed. */
  writes?: readonly string[];
  tables: Readonly<Record<string, readonly string[]>>;
}

/** `BUKRS BELNR` as a list. */
export function fields(names: string): string[] {
  return names.split(/\s+/);
}

/** Always needed: logon, metadata, table reading and its currency decimals. */
export const sapBaseNeeds: SapNeeds = {
  functions: ['RFC_PING', 'STFC_CONNECTION', 'RFC_SYSTEM_INFO', 'RFC_GET_FUNCTION_INTERFACE', 'DDIF_FIELDINFO_GET'],
  tables: { TCURX: ['CURRKEY', 'CURRDEC'] },
};

/** What a flow needs of JD Edwards: tables with the data items that are read or compared. Nothing there is ever written. */
export interface JdeNeeds {
  tables: Readonly<Record<string, readonly string[]>>;
}
