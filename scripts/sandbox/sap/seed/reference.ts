/** Customizing of the invented system: company codes, countries, payment terms, currencies, document types. */
import type { Row } from '../dictionary/index.ts';

export type Tables = Record<string, Row[]>;

export const companyCodes = [
  { BUKRS: '1000', BUTXT: 'Nordwerk Holding AG', ORT01: 'Köln', LAND1: 'DE', WAERS: 'EUR', SPRAS: 'D', KTOPL: 'INT', PERIV: 'K4' },
  { BUKRS: '2000', BUTXT: 'Nordwerk Inc.', ORT01: 'Portland', LAND1: 'US', WAERS: 'USD', SPRAS: 'E', KTOPL: 'INT', PERIV: 'K4' },
  { BUKRS: '3000', BUTXT: 'Nordwerk Schweiz AG', ORT01: 'Zürich', LAND1: 'CH', WAERS: 'CHF', SPRAS: 'D', KTOPL: 'INT', PERIV: 'K4' },
  { BUKRS: '4000', BUTXT: 'Nordwerk Japan K.K.', ORT01: 'Osaka', LAND1: 'JP', WAERS: 'JPY', SPRAS: 'E', KTOPL: 'INT', PERIV: 'V3' },
] as const satisfies Row[];

/** Tax procedure of a country (T005-KALSM): those of the company codes. */
export const taxProcedures: Readonly<Record<string, string>> = { DE: 'TAXD', US: 'TAXUS', CH: 'TAXCH', JP: 'TAXJ' };

/** Reconciliation accounts of vendors: domestic, abroad, affiliated, one-time. */
export const reconciliationAccounts = ['0000160000', '0000161000', '0000162000', '0000169000'] as const;

/** ZTERM, day limit, days and discounts, text in English and German. Z090 is rare; ZX99 has no text. */
const terms = [
  ['0001', '00', ['0', '0.000', '0', '0.000', '0'], 'Payable immediately due net', 'Sofort zahlbar ohne Abzug'],
  ['0002', '00', ['14', '2.000', '30', '0.000', '0'], 'within 14 days 2 % cash discount', 'innerhalb 14 Tagen 2 % Skonto'],
  ['NT30', '00', ['30', '0.000', '0', '0.000', '0'], 'within 30 days Due net', '30 Tage netto'],
  ['NT45', '00', ['45', '0.000', '0', '0.000', '0'], 'within 45 days Due net', '45 Tage netto'],
  ['NT60', '00', ['60', '0.000', '0', '0.000', '0'], 'within 60 days Due net', '60 Tage netto'],
  ['ZM15', '15', ['0', '0.000', '0', '0.000', '0'], 'up to the 15th: end of month', 'bis zum 15.: Monatsende'],
  ['ZM15', '31', ['30', '0.000', '0', '0.000', '0'], 'from the 16th: end of next month', 'ab dem 16.: Ende des Folgemonats'],
  ['Z090', '00', ['90', '0.000', '0', '0.000', '0'], 'within 90 days Due net (board approval)', '90 Tage netto (Vorstand)'],
] as const;

export const commonTerms = ['0001', '0002', 'NT30', 'NT30', 'NT30', 'NT45', 'NT60', 'ZM15'] as const;
export const rareTerm = 'Z090';

const countries = [
  ['DE', 'DEU', 'EUR', 'X', 'Germany', 'Deutschland'],
  ['US', 'USA', 'USD', '', 'USA', 'USA'],
  ['CH', 'CHE', 'CHF', '', 'Switzerland', 'Schweiz'],
  ['CN', 'CHN', 'CNY', '', 'China', 'China'],
  ['GR', 'GRC', 'EUR', 'X', 'Greece', 'Griechenland'],
  ['CZ', 'CZE', 'CZK', 'X', 'Czech Republic', 'Tschechische Rep'],
  ['JP', 'JPN', 'JPY', '', 'Japan', 'Japan'],
  ['KW', 'KWT', 'KWD', '', 'Kuwait', 'Kuwait'],
  ['AT', 'AUT', 'EUR', 'X', 'Austria', 'Österreich'],
  ['FR', 'FRA', 'EUR', 'X', 'France', 'Frankreich'],
  ['GB', 'GBR', 'GBP', '', 'United Kingdom', 'Großbritannien'],
] as const;

/** Document types with their number range: range 18 begins at 1800000000. */
export const documentTypes = [
  { BLART: 'AB', NUMKR: '01', KOARS: 'ADKMS', english: 'Accounting document', german: 'Buchhaltungsbeleg' },
  { BLART: 'SA', NUMKR: '01', KOARS: 'ADKMS', english: 'G/L account document', german: 'Sachkontenbeleg' },
  { BLART: 'KR', NUMKR: '19', KOARS: 'AKMS', english: 'Vendor invoice', german: 'Kreditorenrechnung' },
  { BLART: 'KG', NUMKR: '17', KOARS: 'AKMS', english: 'Vendor credit memo', german: 'Kreditorengutschrift' },
  { BLART: 'KZ', NUMKR: '15', KOARS: 'AKS', english: 'Vendor payment', german: 'Kreditorenzahlung' },
  { BLART: 'RE', NUMKR: '51', KOARS: 'AKMS', english: 'Invoice - gross', german: 'Rechnung - brutto' },
  { BLART: 'DR', NUMKR: '18', KOARS: 'ADS', english: 'Customer invoice', german: 'Debitorenrechnung' },
  { BLART: 'DG', NUMKR: '16', KOARS: 'ADS', english: 'Customer credit memo', german: 'Debitorengutschrift' },
  { BLART: 'DA', NUMKR: '16', KOARS: 'ADS', english: 'Customer document', german: 'Debitorenbeleg' },
  { BLART: 'DZ', NUMKR: '14', KOARS: 'ADS', english: 'Customer payment', german: 'Debitorenzahlung' },
] as const;

export function referenceTables(): Tables {
  return {
    T001: companyCodes.map((one) => ({ ...one, OPVAR: one.BUKRS })),
    T005: countries.map(([LAND1, INTCA3, WAERS, XEGLD]) => ({
      LAND1,
      LANDK: LAND1,
      INTCA: LAND1,
      INTCA3,
      WAERS,
      XEGLD,
      SPRAS: 'E',
      KALSM: taxProcedures[LAND1] ?? '',
    })),
    T005T: countries.flatMap(([LAND1, , , , english, german]) => [
      { SPRAS: 'E', LAND1, LANDX: english.slice(0, 15), LANDX50: english },
      { SPRAS: 'D', LAND1, LANDX: german.slice(0, 15), LANDX50: german },
    ]),
    T052: terms.map(([ZTERM, ZTAGG, [ZTAG1, ZPRZ1, ZTAG2, ZPRZ2, ZTAG3]]) => ({
      ZTERM,
      ZTAGG,
      ZDART: 'B',
      ZTAG1,
      ZPRZ1,
      ZTAG2,
      ZPRZ2,
      ZTAG3,
    })),
    T052U: terms.flatMap(([ZTERM, ZTAGG, , english, german]) => [
      { SPRAS: 'E', ZTERM, ZTAGG, TEXT1: english },
      { SPRAS: 'D', ZTERM, ZTAGG, TEXT1: german },
    ]),
    TCURX: ['JPY 0', 'KRW 0', 'CLP 0', 'KWD 3', 'BHD 3', 'TND 3', 'USDN 5'].map((line) => {
      const [CURRKEY = '', CURRDEC = ''] = line.split(' ');
      return { CURRKEY, CURRDEC };
    }),
    T003: documentTypes.map(({ BLART, NUMKR, KOARS }) => ({ BLART, NUMKR, KOARS, STBLA: BLART, XNEGP: 'X' })),
    T003T: documentTypes.flatMap(({ BLART, english, german }) => [
      { SPRAS: 'E', BLART, LTEXT: english.slice(0, 20) },
      { SPRAS: 'D', BLART, LTEXT: german.slice(0, 20) },
    ]),
    T881: [
      { RLDNR: '0L', TAB: 'FAGLFLEXT', SINGLTAB: 'FAGLFLEXA', XLEADING: 'X' },
      { RLDNR: 'L1', TAB: 'FAGLFLEXT', SINGLTAB: 'FAGLFLEXA' },
    ],
  };
}
