/** Invented vendors with everything that makes real ones awkward. The same seed and count give the same vendors. */
import type { Row } from '../dictionary/index.ts';
import { Random } from './random.ts';
import { commonTerms, companyCodes, rareTerm, reconciliationAccounts, type Tables } from './reference.ts';
import { pickRegion, type Region } from './regions.ts';

const firstNumber = 100_001;
/** Number of the first vendor's address; those of customers follow the last vendor's. */
export const firstAddress = 33_178;
const addressDates = { DATE_FROM: '00010101', DATE_TO: '99991231' };

/** Names that break naive code; each stands once among the first vendors. */
const awkwardNames = [
  'O\'Brien & Sons "Tool|Die", Inc.',
  'Pipe|Delimited|Trading LLC',
  'Semi;Colon, Comma & Co. KG',
  '  Leading Blank Ltd',
  'Donaudampfschifffahrtsgesellschaft.',
  'ÄÖÜ ß GmbH & Co. KG Übergrößenträger',
  '100% Natural_Food <Import> S.A.',
  'Smørrebrød Ærø A/S',
  'Łódź Szczęście Sp. z o.o.',
  '株式会社 山田製作所 大阪営業所',
  "='cmd|calc'!A1 Trading",
  'Zażółć \\ Backslash / Slash',
];

/** Carried by two vendors in different towns. */
const twinName = 'Schmidt Logistik GmbH';

export function vendorTables(count: number, seed: number): Tables {
  const random = new Random(seed);
  const tables: Tables = { LFA1: [], LFB1: [], LFM1: [], LFBK: [], ADRC: [], ADR6: [] };
  for (let index = 0; index < count; index++) addVendor(tables, index, random);
  return tables;
}

function addVendor(tables: Tables, index: number, random: Random): void {
  const region = pickRegion(random);
  const LIFNR = String(firstNumber + index).padStart(10, '0');
  const ADRNR = String(firstAddress + index).padStart(10, '0');
  const isOneTime = index % 97 === 40;
  const general: Row = { ...generalRow(index, region, random, isOneTime), LIFNR, ADRNR };
  push(tables, 'LFA1', general);
  if (!isOneTime) addAddress(tables, general, region, index, random);
  addCompanies(tables, general, region, index, random);
  push(tables, 'LFM1', { LIFNR, EKORG: '1000', WAERS: region.currency, ZTERM: random.pick(commonTerms), ...created(random) });
  if (random.chance(0.7)) push(tables, 'LFBK', bankRow(LIFNR, region, general['NAME1'] ?? '', random));
}

function generalRow(index: number, region: Region, random: Random, isOneTime: boolean): Row {
  const [town, regio, postalCode] = random.pick(region.towns);
  const name = nameOf(index, region, random);
  const hasBox = index % 23 === 7;
  return {
    LAND1: region.country,
    NAME1: name.slice(0, 35),
    NAME2: index % 9 === 3 ? `Abt. Einkauf ${random.between(1, 9)}` : '',
    ORT01: town,
    PSTLZ: postalCode,
    REGIO: regio,
    STRAS: hasBox ? '' : `${random.pick(region.streets)} ${random.between(1, 280)}${random.chance(0.1) ? 'a' : ''}`.slice(0, 35),
    PFACH: hasBox ? String(random.between(1000, 999_999)) : '',
    PSTL2: hasBox ? postalCode : '',
    SORTL: name.toUpperCase().replaceAll(' ', '').slice(0, 10),
    MCOD1: name.toUpperCase().slice(0, 25),
    SPRAS: region.language,
    KTOKK: isOneTime ? 'CPD' : random.chance(0.08) ? 'LIEF' : '0001',
    XCPDK: isOneTime ? 'X' : '',
    LOEVM: index % 61 === 17 ? 'X' : '',
    SPERR: index % 53 === 11 ? 'X' : '',
    SPERM: index % 71 === 29 ? 'X' : '',
    STCD1: region.country === 'US' ? `${random.digits(2)}-${random.digits(7)}` : region.country === 'DE' ? random.digits(11) : '',
    STCEG: region.vatNumber(random).slice(0, 20),
    TELF1: random.chance(0.85) ? region.phone(random).slice(0, 16) : '',
    TELFX: random.chance(0.3) ? region.phone(random).slice(0, 31) : '',
    ...created(random),
  };
}

function nameOf(index: number, region: Region, random: Random): string {
  if (index === 20 || index === 21) return twinName;
  const awkward = index % 3 === 0 ? awkwardNames[index / 3] : undefined;
  if (awkward) return awkward.trimEnd();
  const family = random.pick(region.families);
  const trade = random.pick(region.trades);
  const form = random.pick(region.forms);
  const joined = region.country === 'CN' ? `${family}${trade}${index}${form}` : `${family} ${trade} ${index} ${form}`;
  return index % 31 === 5 ? joined.padEnd(35, 'x') : joined;
}

function addAddress(tables: Tables, general: Row, region: Region, index: number, random: Random): void {
  const ADDRNUMBER = general['ADRNR'] ?? '';
  const [, street = '', number = ''] = /^(.*?) (\d+\w?)$/.exec(general['STRAS'] ?? '') ?? [];
  const longName = index % 17 === 4 ? `${general['NAME1']} Niederlassung`.slice(0, 40) : (general['NAME1'] ?? '');
  push(tables, 'ADRC', {
    ...addressDates,
    ADDRNUMBER,
    NAME1: longName,
    NAME2: general['NAME2'] ?? '',
    CITY1: general['ORT01'] ?? '',
    POST_CODE1: general['PSTLZ'] ?? '',
    PO_BOX: general['PFACH'] ?? '',
    POST_CODE2: general['PSTL2'] ?? '',
    STREET: index % 29 === 2 ? `${street} im Gewerbegebiet Nord-West, Gebäude C`.slice(0, 60) : street,
    HOUSE_NUM1: number,
    COUNTRY: region.country,
    REGION: general['REGIO'] ?? '',
    LANGU: region.language,
    SORT1: general['SORTL'] ?? '',
    TEL_NUMBER: general['TELF1'] ?? '',
    FAX_NUMBER: (general['TELFX'] ?? '').slice(0, 30),
  });
  if (index % 41 === 6)
    push(tables, 'ADRC', {
      ...addressDates,
      ADDRNUMBER,
      NATION: 'I',
      NAME1: `Intl. ${index}`,
      CITY1: 'International',
      COUNTRY: region.country,
    });
  const emails = index % 7 === 1 ? 0 : index % 19 === 3 ? 3 : 1;
  for (let one = 0; one < emails; one++) push(tables, 'ADR6', emailRow(ADDRNUMBER, one, emails, index, random));
}

/** Where there are several, the default is not always the first. */
function emailRow(ADDRNUMBER: string, one: number, emails: number, index: number, random: Random): Row {
  const box = ['info', 'buchhaltung', 'accounts.payable+sap', "sean.o'brien"][one] ?? 'office';
  const domain = random.pick(['example.com', 'example.org', 'mail.example.net', 'xn--mnchen-3ya.example']);
  const address = `${box}@v${firstNumber + index}.${domain}`;
  return {
    ADDRNUMBER,
    DATE_FROM: addressDates.DATE_FROM,
    CONSNUMBER: String(one + 1).padStart(3, '0'),
    FLGDEFAULT: one === (emails > 1 ? 1 : 0) ? 'X' : '',
    SMTP_ADDR: address,
    SMTP_SRCH: address.toUpperCase().slice(0, 20),
  };
}

function addCompanies(tables: Tables, general: Row, region: Region, index: number, random: Random): void {
  const home = companyCodes.find(({ LAND1 }) => LAND1 === region.country)?.BUKRS ?? '1000';
  const others = companyCodes.map(({ BUKRS }) => BUKRS).filter((code) => code !== home);
  const codes = index % 5 === 2 ? [home, others[index % others.length] as string] : [home];
  const isOneTime = general['XCPDK'] === 'X';
  const account = isOneTime ? reconciliationAccounts[3] : reconciliationAccounts[region.country === 'DE' ? 0 : random.chance(0.05) ? 2 : 1];
  for (const BUKRS of codes) {
    push(tables, 'LFB1', {
      LIFNR: general['LIFNR'] ?? '',
      BUKRS,
      AKONT: account,
      ZTERM: index % 211 === 100 ? rareTerm : random.pick(commonTerms),
      ZWELS: random.pick(['U', 'UL', 'S', 'C']),
      ZAHLS: random.chance(0.02) ? 'A' : '',
      REPRF: random.chance(0.5) ? 'X' : '',
      LOEVM: BUKRS !== home && index % 10 === 2 ? 'X' : '',
      SPERR: BUKRS !== home && index % 15 === 12 ? 'X' : '',
      ERDAT: general['ERDAT'] ?? '00000000',
    });
  }
}

function bankRow(LIFNR: string, region: Region, name: string, random: Random): Row {
  return {
    LIFNR,
    BANKS: region.country,
    BANKL: random.digits(8),
    BANKN: random.digits(10),
    BVTYP: '0001',
    KOINH: random.chance(0.2) ? name : '',
  };
}

function created(random: Random): Row {
  const [year, month, day] = [random.between(2004, 2024), random.between(1, 12), random.between(1, 28)];
  return {
    ERDAT: `${year}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`,
    ERNAM: random.pick(['MMUELLER', 'KSCHAEFER', 'BATCH']),
  };
}

function push(tables: Tables, name: string, row: Row): void {
  (tables[name] ??= []).push(row);
}
