/**
 * What each flow needs of an ERP: the agent's policy presets. They ship with the agent, so a relay can never widen them; a flow names its
 * needs by its id. Tables with the fields a flow reads.
 */
export interface SapNeeds {
  functions: readonly string[];
  tables: Readonly<Record<string, readonly string[]>>;
}

export const sapPresets = {
  'sap-vendors-to-cin7-suppliers': {
    functions: ['BAPI_VENDOR_GETLIST', 'BAPI_VENDOR_GETDETAIL'],
    tables: {
      LFA1: [
        'LIFNR',
        'LAND1',
        'NAME1',
        'NAME2',
        'NAME3',
        'NAME4',
        'ORT01',
        'ORT02',
        'PFACH',
        'PSTLZ',
        'PSTL2',
        'REGIO',
        'SORTL',
        'STRAS',
        'ADRNR',
        'ERDAT',
        'KTOKK',
        'LOEVM',
        'SPERR',
        'SPERM',
        'SPRAS',
        'STCD1',
        'STCD2',
        'STCEG',
        'TELF1',
        'TELF2',
        'TELFX',
        'XCPDK',
      ],
      LFB1: ['LIFNR', 'BUKRS', 'AKONT', 'ZTERM', 'LOEVM', 'SPERR', 'ERDAT'],
      LFM1: ['LIFNR', 'EKORG', 'WAERS', 'ZTERM', 'SPERM', 'LOEVM'],
      ADRC: [
        'ADDRNUMBER',
        'DATE_FROM',
        'NATION',
        'NAME1',
        'NAME2',
        'NAME3',
        'NAME4',
        'CITY1',
        'CITY2',
        'POST_CODE1',
        'PO_BOX',
        'STREET',
        'HOUSE_NUM1',
        'COUNTRY',
        'REGION',
        'LANGU',
        'TEL_NUMBER',
        'FAX_NUMBER',
      ],
      ADR6: ['ADDRNUMBER', 'PERSNUMBER', 'DATE_FROM', 'CONSNUMBER', 'SMTP_ADDR', 'FLGDEFAULT'],
      CDHDR: ['OBJECTCLAS', 'OBJECTID', 'CHANGENR', 'UDATE', 'UTIME', 'CHANGE_IND'],
      T001: ['BUKRS', 'BUTXT', 'LAND1', 'WAERS', 'KTOPL'],
      T005T: ['SPRAS', 'LAND1', 'LANDX'],
      T052U: ['SPRAS', 'ZTERM', 'ZTAGG', 'TEXT1'],
      SKAT: ['SPRAS', 'KTOPL', 'SAKNR', 'TXT20', 'TXT50'],
      SKB1: ['BUKRS', 'SAKNR', 'MITKZ'],
    },
  },
} as const satisfies Record<string, SapNeeds>;
export type SapPreset = keyof typeof sapPresets;

/** Always needed: logon, metadata, table reading and its currency decimals. */
export const sapBaseNeeds: SapNeeds = {
  functions: ['RFC_PING', 'STFC_CONNECTION', 'RFC_SYSTEM_INFO', 'RFC_GET_FUNCTION_INTERFACE', 'DDIF_FIELDINFO_GET'],
  tables: { TCURX: ['CURRKEY', 'CURRDEC'] },
};
