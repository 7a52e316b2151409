/**
 * Authorisations that SAP checks inside a function module, beside S_RFC (facts/sap-ecc.md 2.4, 2.5, 4.7). Another function is one more
 * entry. Where customers have values of their own, `from` names the parameters whose `parameters` rules in agent.yaml restrict them.
 */
export interface FunctionAuthorisations {
  /** Function group, where it is known: S_RFC with RFC_TYPE FUGR is the alternative to the name. */
  group?: string;
  /** What SAP does with a call without any data: it refuses it before anything happens, so the doctor may make one. */
  emptyCall?: 'refused';
  /** Where this function is allowed too, it checks the same for what is really done: its values count. */
  coveredBy?: string;
  objects: readonly ObjectNeed[];
}

export interface ObjectNeed {
  object: string;
  fields: Readonly<Record<string, FieldNeed>>;
  why: string;
  /** Class and number of the message that says it is missing. */
  deniedBy?: string;
  /** Checked only where the customer uses what is named here. */
  onlyWhere?: string;
  /** A parameter whose allowed values are named beside the line: the object's own field holds something derived from it. */
  about?: string;
}

/** Fixed values, or those that agent.yaml allows a parameter to have; `*` where no rule restricts it. */
export type FieldNeed = readonly string[] | { from: readonly string[] };

const companyCode = (parameter: string): FieldNeed => ({ from: [parameter] });

const postingObjects = (header: string, documentType: string | undefined): ObjectNeed[] => [
  {
    object: 'F_BKPF_BUK',
    fields: { ACTVT: ['01'], BUKRS: companyCode(`${header}.COMP_CODE`) },
    why: 'posts in these company codes',
    deniedBy: 'F5 083',
  },
  { object: 'F_BKPF_KOA', fields: { ACTVT: ['01'], KOART: ['D', 'S'] }, why: 'posts to customers and G/L accounts (add K for vendors)' },
  {
    object: 'F_BKPF_BLA',
    fields: { ACTVT: ['01'], BRGRU: ['*'] },
    why: documentType === undefined ? 'reverses documents' : 'posts documents of these types',
    onlyWhere: 'document types have an authorisation group (OBA7, T003-BRGRU)',
    deniedBy: 'F5 087',
    ...(documentType === undefined ? {} : { about: documentType }),
  },
  {
    object: 'F_BKPF_BED',
    fields: { ACTVT: ['01'], BRGRU: ['*'] },
    why: 'posts to customers',
    onlyWhere: 'customers have an authorisation group (KNB1-BEGRU)',
  },
  {
    object: 'F_BKPF_BES',
    fields: { ACTVT: ['01'], BRGRU: ['*'] },
    why: 'posts to G/L accounts',
    onlyWhere: 'accounts have an authorisation group (SKB1-BEGRU)',
  },
  {
    object: 'F_BKPF_GSB',
    fields: { ACTVT: ['01'], GSBER: { from: ['ACCOUNTGL.BUS_AREA', 'ACCOUNTRECEIVABLE.BUS_AREA'] } },
    why: 'posts in business areas',
    onlyWhere: 'items carry a business area',
  },
  {
    object: 'K_CSKS',
    fields: { CO_ACTION: ['*'], KOKRS: ['*'], KOSTL: { from: ['ACCOUNTGL.COSTCENTER'] } },
    why: 'assigns items to cost centers',
    onlyWhere: 'items carry a cost center',
  },
  {
    object: 'K_PCA',
    fields: { CO_ACTION: ['*'], RESPAREA: ['*'] },
    why: 'assigns items to profit centers',
    onlyWhere: 'items carry a profit center',
  },
];

const customerObjects = (activity: string, area: { organisation: string; channel: string; division: string }): ObjectNeed[] => [
  { object: 'F_KNA1_APP', fields: { ACTVT: [activity], APPKZ: ['F', 'V'] }, why: 'customers of accounting and sales' },
  {
    object: 'F_KNA1_BUK',
    fields: { ACTVT: [activity], BUKRS: ['*'] },
    why: 'company code data of customers; fill in the company codes of the sales organisations',
  },
  {
    object: 'F_KNA1_GRP',
    fields: { ACTVT: [activity], KTOKD: ['*'] },
    why: 'account groups of customers; fill in that of the reference customer',
  },
  {
    object: 'V_KNA1_VKO',
    fields: { ACTVT: [activity], VKORG: { from: [area.organisation] }, VTWEG: { from: [area.channel] }, SPART: { from: [area.division] } },
    why: 'sales area data of customers',
  },
];

export const functionAuthorisations: Readonly<Record<string, FunctionAuthorisations>> = {
  RFC_PING: { group: 'SYST', objects: [] },
  STFC_CONNECTION: { group: 'SRFC', objects: [] },
  RFC_SYSTEM_INFO: { group: 'SRFC', objects: [] },
  RFC_GET_FUNCTION_INTERFACE: { group: 'RFC1', objects: [] },
  DDIF_FIELDINFO_GET: { group: 'SDIFRUNTIME', objects: [] },
  RFC_READ_TABLE: { group: 'SDTX', objects: [] },
  BAPI_TRANSACTION_COMMIT: { group: 'BAPT', objects: [] },
  BAPI_TRANSACTION_ROLLBACK: { group: 'BAPT', objects: [] },
  BAPI_VENDOR_GETDETAIL: {
    objects: [
      { object: 'F_LFA1_APP', fields: { ACTVT: ['03'], APPKZ: ['F', 'M'] }, why: 'vendors of accounting and purchasing' },
      { object: 'F_LFA1_BUK', fields: { ACTVT: ['03'], BUKRS: { from: ['COMPANYCODE'] } }, why: 'company code data of vendors' },
      { object: 'F_LFA1_GRP', fields: { ACTVT: ['03'], KTOKK: ['*'] }, why: 'account groups of vendors' },
    ],
  },
  BAPI_ACC_DOCUMENT_CHECK: {
    group: 'ACC9',
    coveredBy: 'BAPI_ACC_DOCUMENT_POST',
    emptyCall: 'refused',
    objects: postingObjects('DOCUMENTHEADER', 'DOCUMENTHEADER.DOC_TYPE'),
  },
  BAPI_ACC_DOCUMENT_POST: { group: 'ACC9', emptyCall: 'refused', objects: postingObjects('DOCUMENTHEADER', 'DOCUMENTHEADER.DOC_TYPE') },
  BAPI_ACC_DOCUMENT_REV_POST: { group: 'ACC9', emptyCall: 'refused', objects: postingObjects('REVERSAL', undefined) },
  BAPI_CUSTOMER_GETDETAIL2: {
    objects: [
      { object: 'F_KNA1_APP', fields: { ACTVT: ['03'], APPKZ: ['F', 'V'] }, why: 'shows customers' },
      { object: 'F_KNA1_BUK', fields: { ACTVT: ['03'], BUKRS: { from: ['COMPANYCODE'] } }, why: 'shows company code data of customers' },
    ],
  },
  BAPI_CUSTOMER_CREATEFROMDATA1: {
    group: 'V02D',
    emptyCall: 'refused',
    objects: customerObjects('01', {
      organisation: 'PI_COPYREFERENCE.SALESORG',
      channel: 'PI_COPYREFERENCE.DISTR_CHAN',
      division: 'PI_COPYREFERENCE.DIVISION',
    }),
  },
  BAPI_CUSTOMER_CHANGEFROMDATA1: {
    group: 'V02D',
    emptyCall: 'refused',
    objects: customerObjects('02', { organisation: 'PI_SALESORG', channel: 'PI_DISTR_CHAN', division: 'PI_DIVISION' }),
  },
};
