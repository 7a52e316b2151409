/** Columns of one table as the data dictionary has them (facts/jde-ais.md 9). */
export interface Column {
  alias: string;
  kind: 'number' | 'date' | 'time' | 'text';
  /** Of a text, in characters. */
  length: number;
  /** Display decimals of a number. */
  decimals: number;
  /** MCU and its kind: blanks in front. */
  isRightJustified: boolean;
}

export interface TableDefinition {
  name: string;
  title: string;
  columns: ReadonlyMap<string, Column>;
  key: readonly Column[];
  /** Column of the time that goes with UPMJ: TDAY in the order tables, UPMT in the others. */
  timeColumn: 'UPMT' | 'TDAY';
}

/** `AN8:n` number, `PRRC:n4` with decimals, `UPMJ:d` date, `UPMT:t` time, `ALPH:40` text, `MCU:>12` right-justified text. */
const stamp = 'USER:10 PID:10 UPMJ:d JOBN:10 UPMT:t';
const orderStamp = 'USER:10 PID:10 JOBN:10 UPMJ:d TDAY:t';

function numbered(prefix: string, last: number, spec: string): string {
  return Array.from({ length: last }, (_one, index) => `${prefix}${String(index + 1).padStart(2, '0')}:${spec}`).join(' ');
}

const definitions: readonly (readonly [name: string, title: string, key: string, columns: string])[] = [
  [
    'F0101',
    'Address Book Master',
    'AN8',
    `AN8:n ALKY:20 TAX:20 ALPH:40 DC:40 MCU:>12 SIC:10 LNGP:2 AT1:3 CM:2 TAXC:1 ATP:1 ATR:1 ATE:1 EFTB:d AN81:n AN82:n AN83:n AN84:n
     AN85:n AN86:n ${numbered('AC', 30, '3')} RMK:30 TXCT:20 TX2:20 ALP1:40 ACTIN:1 ${stamp}`,
  ],
  ['F0111', "Address Book - Who's Who", 'AN8 IDLN', `AN8:n IDLN:n MLNM:40 GNNM:25 MDNM:25 SRNM:25 ALPH:40 ATTL:40 TYC:1 ${stamp}`],
  [
    'F0116',
    'Address by Date',
    'AN8 EFTB',
    `AN8:n EFTB:d EFTF:1 ADD1:40 ADD2:40 ADD3:40 ADD4:40 ADDZ:12 CTY1:25 COUN:25 ADDS:3 CTR:3 CRTE:4 ${stamp}`,
  ],
  ['F0115', 'Address Book - Phone Numbers', 'AN8 IDLN CNLN RCK7', `AN8:n IDLN:n CNLN:n RCK7:n PHTP:4 AR1:6 PH1:20 ${stamp}`],
  ['F01151', 'Electronic Address', 'AN8 IDLN RCK7', `AN8:n IDLN:n RCK7:n ETP:4 EMAL:256 EHIER:n ECLASS:3 ${stamp}`],
  [
    'F0401',
    'Supplier Master',
    'AN8',
    `AN8:n APC:4 MCUP:>12 OBAP:6 AIDP:8 KCOP:5 CRRP:3 CRCA:3 TXA2:10 EXR2:2 HDPY:1 TRAP:3 PYIN:1 SNTO:n AN8R:n AYPD:n2 APPD:n2 MINO:n2
     MAXO:n2 HOLD:2 FRTH:3 CRMD:1 ${stamp}`,
  ],
  ['F0014', 'Payment Terms', 'PTC', `PTC:3 PTD:30 NDTP:n DCP:n3 ${stamp}`],
  [
    'F4301',
    'Purchase Order Header',
    'DOCO DCTO KCOO SFXO',
    `DOCO:n DCTO:2 KCOO:5 SFXO:3 MCU:>12 OKCO:5 OORN:8 OCTO:2 RKCO:5 RORN:8 RCTO:2 AN8:n SHAN:n DRQJ:d TRDJ:d PDDJ:d OPDJ:d ADDJ:d CNDJ:d
     VR01:25 VR02:25 DEL1:30 DEL2:30 RMK:30 DESC:30 PTC:3 EXR1:2 TXA1:10 HOLD:2 ANBY:n ANCR:n OTOT:n2 CORD:n CRRM:1 CRCD:3 CRR:n7 FAP:n2
     ORBY:10 TKBY:10 BCRC:3 ${orderStamp}`,
  ],
  [
    'F4311',
    'Purchase Order Detail',
    'DOCO DCTO KCOO SFXO LNID',
    `DOCO:n DCTO:2 KCOO:5 SFXO:3 LNID:n3 MCU:>12 CO:5 AN8:n SHAN:n DRQJ:d TRDJ:d PDDJ:d OPDJ:d ADDJ:d CNDJ:d DGL:d PN:n VR01:25 VR02:25
     ITM:n LITM:25 AITM:25 LOCN:20 LOTN:30 DSC1:30 DSC2:30 LNTY:2 NXTR:3 LTTR:3 UOM:2 UORG:n UCHG:n UOPN:n UREC:n PRRC:n4 AEXP:n2 AOPN:n2
     AREC:n2 FTN1:n2 PTC:3 TX:1 EXR1:2 TXA1:10 UOM1:2 UOM2:2 UOM3:2 GLC:4 ANI:29 AID:8 OMCU:>12 OBJ:6 SUB:8 SBLT:1 SBL:8 CRMD:1 CORD:n
     CRCD:3 CRR:n7 FRRC:n4 FEA:n2 FUC:n4 FEC:n2 FAP:n2 TORG:10 UKID:n ${orderStamp}`,
  ],
  [
    'F0901',
    'Account Master',
    'AID',
    `CO:5 AID:8 MCU:>12 OBJ:6 SUB:8 ANS:25 DL01:30 LDA:1 BPC:3 PEC:1 BILL:1 CRCD:3 UM:2 ${numbered('R0', 23, '3')} OBJA:6 SUBA:8 ${stamp}`,
  ],
  ['F0006', 'Business Unit Master', 'MCU', `MCU:>12 STYL:2 LDM:1 CO:5 DL01:30 ${stamp}`],
  ['F0010', 'Company Constants', 'CO', `CO:5 NAME:30 CRCD:3 DFYJ:d ${stamp}`],
  ['F0005', 'User Defined Code Values', 'SY RT KY', `SY:4 RT:2 KY:10 DL01:30 DL02:30 SPHD:10 UDCO:1 HRDC:1 ${stamp}`],
];

/** Titles a person sees; they differ by language at a real site, so nothing may key on them. */
const titles: Readonly<Record<string, string>> = {
  AN8: 'Address Number',
  ALPH: 'Alpha Name',
  ALKY: 'Long Address Number',
  AT1: 'Search Type',
  UPMJ: 'Date - Updated',
  UPMT: 'Time - Last Updated',
  TDAY: 'Time of Day',
  DOCO: 'Order Number',
  DCTO: 'Order Type',
  KCOO: 'Order Company',
  LNID: 'Line Number',
  MCU: 'Business Unit',
  OBJ: 'Object Account',
  SUB: 'Subsidiary',
  AID: 'Account ID',
};

export function titleOf(alias: string): string {
  return titles[alias] ?? alias;
}

function readColumn(text: string): Column {
  const [alias = '', spec = ''] = text.split(':');
  const [first = ''] = spec;
  if (first === 'n') return { alias, kind: 'number', length: 0, decimals: Number(spec.slice(1)), isRightJustified: false };
  if (first === 'd' || first === 't')
    return { alias, kind: first === 'd' ? 'date' : 'time', length: 0, decimals: 0, isRightJustified: false };
  return { alias, kind: 'text', length: Number(spec.replace('>', '')), decimals: 0, isRightJustified: first === '>' };
}

function define([name, title, key, text]: (typeof definitions)[number]): TableDefinition {
  const columns = new Map(
    text
      .trim()
      .split(/\s+/)
      .map(readColumn)
      .map((column) => [column.alias, column] as const),
  );
  return {
    name,
    title,
    columns,
    key: key.split(' ').flatMap((alias) => columns.get(alias) ?? []),
    timeColumn: columns.has('TDAY') ? 'TDAY' : 'UPMT',
  };
}

export const tableDefinitions: readonly TableDefinition[] = definitions.map(define);
