import { headerFields } from '../documents/index.ts';

/** Every table and field that postings read, for the agent's policy. BKPF is read as documents read it. */
export const postingReads = {
  BKPF: [...headerFields, 'AWTYP', 'AWKEY', 'AWSYS'],
  BSEG: ['BUKRS', 'BELNR', 'GJAHR', 'BUZEI', 'SHKZG', 'WRBTR'],
  T001: ['BUKRS', 'PERIV', 'OPVAR'],
  T001B: ['RRCTY', 'BUKRS', 'MKOAR', 'BKONT', 'FRYE1', 'FRPE1', 'TOYE1', 'TOPE1', 'FRYE2', 'FRPE2', 'TOYE2', 'TOPE2'],
  T005: ['LAND1', 'INTCA'],
  T009: ['PERIV', 'XKALE', 'XJABH'],
  T009B: ['PERIV', 'BDATJ', 'BUMON', 'BUTAG', 'POPER', 'RELJR'],
  TCURC: ['WAERS', 'ISOCD'],
  TCURX: ['CURRKEY', 'CURRDEC'],
} as const;

/** Functions that postings call; the first one only checks. */
export const postingFunctions = {
  reads: ['BAPI_ACC_DOCUMENT_CHECK'],
  writes: ['BAPI_ACC_DOCUMENT_POST', 'BAPI_ACC_DOCUMENT_REV_POST'],
} as const;
