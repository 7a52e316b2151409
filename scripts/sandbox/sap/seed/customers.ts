/**
 * Invented customers: per sales area a reference customer to copy from, one-time accounts, and people and companies with everything that
 * makes real ones awkward. The same seed and count give the same customers.
 */
import type { Row } from '../dictionary/index.ts';
import { Random } from './random.ts';
import { commonTerms, companyCodes, type Tables } from './reference.ts';
import { pickRegion, regions, type Region } from './regions.ts';
import { distributionChannels, salesOrganisations } from './sales.ts';

const firstNumber = 100_001;
const addressDates = { DATE_FROM: '00010101', DATE_TO: '99991231' };
const receivables = '0000140000';

/** One-time customer of all company codes. */
export const oneTimeCustomer = '0000099000';
/** One-time customer with a name instead of a number, in company code 1000 alone. */
export const namedOneTimeCustomer = 'CPD-WEB';
/** Its account group numbers externally: copying it is refused. */
export const externallyNumberedReference = 'REF-EXT';

/** The reference customer of a sales organisation; it exists in both of its distribution channels. */
export function referenceCustomerOf(salesOrganisation: string): string {
  return salesOrganisation.padStart(10, '0');
}

export interface CustomerSeed {
  count: number;
  seed: number;
  /** ADRNR of the first address. */
  firstAddress: number;
}

export function customerTables({ count, seed, firstAddress }: CustomerSeed): Tables {
  const random = new Random(seed + 77);
  const tables: Tables = { KNA1: [], KNB1: [], KNVV: [], KNVP: [], KNVI: [], KNVK: [], ADRC: [], ADR6: [] };
  let address = firstAddress;
  const nextAddress = (): string => String(address++).padStart(10, '0');
  for (const organisation of salesOrganisations) addReference(tables, organisation, nextAddress());
  addOneTime(
    tables,
    oneTimeCustomer,
    companyCodes.map(({ BUKRS }) => BUKRS),
    nextAddress(),
  );
  addOneTime(tables, namedOneTimeCustomer, ['1000'], nextAddress());
  for (let index = 0; index < count; index++) addCustomer(tables, index, random, nextAddress());
  return tables;
}

type Organisation = (typeof salesOrganisations)[number];

function addReference(tables: Tables, organisation: Organisation, ADRNR: string): void {
  const region = regions.find(({ country }) => country === organisation.LAND1) as Region;
  const [town = '', regio = '', postalCode = ''] = region.towns[0] ?? [];
  const general = { NAME1: `Reference ${organisation.VKORG} (do not use)`, ORT01: town, PSTLZ: postalCode, REGIO: regio, STRAS: 'n/a 1' };
  const common = { ...general, LAND1: region.country, SPRAS: region.language, KUKLA: '01', LZONE: '0000000001', ...created() };
  const KUNNR = referenceCustomerOf(organisation.VKORG);
  push(tables, 'KNA1', { ...common, KUNNR, ADRNR, KTOKD: 'WEB' });
  push(tables, 'ADRC', addressRow(ADRNR, general, region));
  addCompany(tables, { KUNNR, BUKRS: organisation.BUKRS, ZTERM: 'NT30' });
  addSales(tables, KUNNR, organisation, region.country, { ZTERM: 'NT30', KDGRP: '02', VSBED: '01', KTGRD: '01', KALKS: '1', INCO1: 'EXW' });
  if (organisation.VKORG !== '1000') return;
  push(tables, 'KNA1', { ...common, KUNNR: externallyNumberedReference, ADRNR, KTOKD: '0002' });
  addCompany(tables, { KUNNR: externallyNumberedReference, BUKRS: '1000' });
  addSales(tables, externallyNumberedReference, organisation, region.country, {});
}

function addOneTime(tables: Tables, KUNNR: string, codes: readonly string[], ADRNR: string): void {
  push(tables, 'KNA1', { KUNNR, ADRNR, NAME1: 'One-time customers', LAND1: 'DE', SPRAS: 'D', KTOKD: 'CPD', XCPDK: 'X', ...created() });
  for (const BUKRS of codes) addCompany(tables, { KUNNR, BUKRS });
}

function addCustomer(tables: Tables, index: number, random: Random, ADRNR: string): void {
  const region = pickRegion(random);
  const KUNNR = String(firstNumber + index).padStart(10, '0');
  const isPerson = index % 3 === 1;
  const general = generalRow(index, region, random, isPerson);
  push(tables, 'KNA1', { ...general, KUNNR, ADRNR });
  push(tables, 'ADRC', addressRow(ADRNR, general, region));
  for (const email of emailsOf(index, random)) push(tables, 'ADR6', emailRow(ADRNR, email));
  const home = salesOrganisations.find(({ LAND1 }) => LAND1 === region.country) ?? salesOrganisations[0];
  const ZTERM = random.pick(commonTerms);
  addCompany(tables, { KUNNR, BUKRS: home.BUKRS, ZTERM, SPERR: index % 47 === 9 ? 'X' : '', LOEVM: index % 67 === 21 ? 'X' : '' });
  // Some are known to accounting alone.
  if (index % 11 !== 4) addSales(tables, KUNNR, home, region.country, { ZTERM, KDGRP: '01', VSBED: '01', KTGRD: '01', KALKS: '1' });
  if (!isPerson && random.chance(0.4)) push(tables, 'KNVK', contactRow(index, KUNNR, region, random));
}

function generalRow(index: number, region: Region, random: Random, isPerson: boolean): Row {
  const [town, regio, postalCode] = random.pick(region.towns);
  const family = random.pick(region.families);
  const company = `${family} ${random.pick(region.trades)} ${random.pick(region.forms)}`;
  const firstName = random.pick(['Jürgen', 'Seán', 'Anne-Sophie', 'María José', 'Zoë', 'Li', 'O’Neil']);
  const name = index === 0 ? "O'Brien & Söhne | Handel, GmbH" : isPerson ? family : company;
  return {
    LAND1: region.country,
    NAME1: name.slice(0, 35),
    NAME2: isPerson ? firstName : '',
    ORT01: town,
    PSTLZ: postalCode,
    REGIO: regio,
    STRAS: `${random.pick(region.streets)} ${random.between(1, 280)}`.slice(0, 35),
    SORTL: name.toUpperCase().replaceAll(' ', '').slice(0, 10),
    MCOD1: name.toUpperCase().slice(0, 25),
    ANRED: isPerson ? random.pick(['Mr.', 'Ms.']) : 'Company',
    STKZN: isPerson ? 'X' : '',
    SPRAS: region.language,
    KTOKD: index % 4 === 0 ? 'WEB' : '0001',
    KUKLA: '01',
    LOEVM: index % 59 === 13 ? 'X' : '',
    SPERR: index % 43 === 7 ? 'X' : '',
    AUFSD: index % 37 === 5 ? '01' : '',
    STCEG: isPerson ? '' : region.vatNumber(random).slice(0, 20),
    STCD1: region.country === 'US' && !isPerson ? `${random.digits(2)}-${random.digits(7)}` : '',
    TELF1: region.phone(random).slice(0, 16),
    ...created(random),
  };
}

function addressRow(ADDRNUMBER: string, general: Row, region: Region): Row {
  const [, street = general['STRAS'] ?? '', number = ''] = /^(.*?) (\d+\w?)$/.exec(general['STRAS'] ?? '') ?? [];
  return {
    ...addressDates,
    ADDRNUMBER,
    NAME1: general['NAME1'] ?? '',
    NAME2: general['NAME2'] ?? '',
    CITY1: general['ORT01'] ?? '',
    POST_CODE1: general['PSTLZ'] ?? '',
    STREET: street,
    HOUSE_NUM1: number,
    COUNTRY: region.country,
    REGION: general['REGIO'] ?? '',
    LANGU: region.language,
    SORT1: general['SORTL'] ?? '',
    TEL_NUMBER: general['TELF1'] ?? '',
  };
}

/** Two customers share one address; some have none. */
function emailsOf(index: number, random: Random): string[] {
  if (index % 8 === 6) return [];
  if (index === 2 || index === 3) return ['familie.gemeinsam@example.org'];
  return [`kunde${firstNumber + index}@${random.pick(['example.com', 'example.org', 'mail.example.net'])}`];
}

function emailRow(ADDRNUMBER: string, email: string): Row {
  const { DATE_FROM } = addressDates;
  return { ADDRNUMBER, DATE_FROM, CONSNUMBER: '001', FLGDEFAULT: 'X', SMTP_ADDR: email, SMTP_SRCH: email.toUpperCase().slice(0, 20) };
}

function contactRow(index: number, KUNNR: string, region: Region, random: Random): Row {
  const NAME1 = random.pick(region.families).slice(0, 35);
  return { PARNR: String(5000 + index).padStart(10, '0'), KUNNR, NAMEV: 'Anna', NAME1, PAFKT: '01', SPRAS: region.language };
}

function addCompany(tables: Tables, row: Row & { KUNNR: string; BUKRS: string }): void {
  push(tables, 'KNB1', { AKONT: receivables, ZUAWA: '009', ...row, ...created() });
}

function addSales(tables: Tables, KUNNR: string, { VKORG, WAERS, WERKS }: Organisation, country: string, row: Row): void {
  for (const VTWEG of distributionChannels) {
    const area = { KUNNR, VKORG, VTWEG, SPART: '00' };
    push(tables, 'KNVV', { ...area, WAERS, VWERK: WERKS, ...row, ...created() });
    for (const PARVW of ['AG', 'RE', 'RG', 'WE']) push(tables, 'KNVP', { ...area, PARVW, PARZA: '000', KUNN2: KUNNR });
  }
  push(tables, 'KNVI', { KUNNR, ALAND: country, TATYP: 'MWST', TAXKD: '1' });
}

function created(random?: Random): Row {
  if (!random) return { ERDAT: '20100104', ERNAM: 'KSCHAEFER' };
  const [year, month, day] = [random.between(2006, 2024), random.between(1, 12), random.between(1, 28)];
  return { ERDAT: `${year}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`, ERNAM: random.pick(['MMUELLER', 'BATCH']) };
}

function push(tables: Tables, name: string, row: Row): void {
  (tables[name] ??= []).push(row);
}
