/** Customizing of sales and logistics: sales areas, customer account groups and their numbers, titles, plants, units, material groups. */
import type { Tables } from './reference.ts';

/** Sales organisations with company code, currency, country of most of their customers, and plant. */
export const salesOrganisations = [
  { VKORG: '1000', BUKRS: '1000', WAERS: 'EUR', LAND1: 'DE', WERKS: '1000', name: 'Nordwerk Köln' },
  { VKORG: '2000', BUKRS: '2000', WAERS: 'USD', LAND1: 'US', WERKS: '2000', name: 'Nordwerk Portland' },
  { VKORG: '3000', BUKRS: '3000', WAERS: 'CHF', LAND1: 'CH', WERKS: '3000', name: 'Nordwerk Zürich' },
  { VKORG: '4000', BUKRS: '4000', WAERS: 'JPY', LAND1: 'JP', WERKS: '4000', name: 'Nordwerk Osaka' },
  { VKORG: '5000', BUKRS: '1000', WAERS: 'KWD', LAND1: 'KW', WERKS: '1000', name: 'Nordwerk Gulf' },
] as const;

/** Distribution channels: wholesale and web shop; every sales organisation has both, in division 00. */
export const distributionChannels = ['10', '30'] as const;

/** Account groups: one-time accounts and externally numbered ones cannot be copied by a BAPI. */
const accountGroups = [
  { KTOKD: '0001', NUMKR: '01', XCPDS: '', english: 'Sold-to party', german: 'Auftraggeber' },
  { KTOKD: 'WEB', NUMKR: '01', XCPDS: '', english: 'Web shop customer', german: 'Webshop-Kunde' },
  { KTOKD: '0002', NUMKR: 'XX', XCPDS: '', english: 'Goods recipient (own number)', german: 'Warenempfänger (ext. Nummer)' },
  { KTOKD: 'CPD', NUMKR: 'XX', XCPDS: 'X', english: 'One-time customer', german: 'CPD-Kunde' },
] as const;

/** Forms of address of Business Address Services by language. */
const titles = [
  ['0001', 'Ms.', 'Frau'],
  ['0002', 'Mr.', 'Herr'],
  ['0003', 'Company', 'Firma'],
  ['0004', 'Mr. and Mrs.', 'Eheleute'],
] as const;

/** Internal unit, ISO code, and what people read in English and German. */
const units = [
  ['ST', 'PCE', 'PC', 'ST', 'Piece', 'Stück'],
  ['KAR', 'CT', 'CAR', 'KAR', 'Carton', 'Karton'],
  ['PAA', 'PR', 'PAA', 'PAA', 'Pair', 'Paar'],
  ['KG', 'KGM', 'KG', 'KG', 'Kilogram', 'Kilogramm'],
  ['G', 'GRM', 'G', 'G', 'Gram', 'Gramm'],
  ['LB', 'LBR', 'LB', 'LB', 'US pound', 'US-Pfund'],
  ['L', 'LTR', 'L', 'L', 'Liter', 'Liter'],
  ['M', 'MTR', 'M', 'M', 'Meter', 'Meter'],
] as const;

export const materialGroups = [
  ['00101', 'Fasteners', 'Befestigungsmittel'],
  ['00102', 'Hand tools', 'Handwerkzeuge'],
  ['00103', 'Power tools', 'Elektrowerkzeuge'],
  ['00201', 'Garden', 'Garten'],
  ['00301', 'Work wear', 'Arbeitskleidung'],
] as const;

/** Ranges 01 (internal) and XX (external). */
const numberRanges = [
  ['01', '0000100000', '0000199999', ''],
  ['XX', 'A', 'ZZZZZZZZZZ', 'X'],
] as const;

export function salesTables(): Tables {
  return {
    TVKO: salesOrganisations.map(({ VKORG, BUKRS, WAERS }) => ({ VKORG, BUKRS, WAERS })),
    TVKOT: salesOrganisations.flatMap(({ VKORG, name }) => ['E', 'D'].map((SPRAS) => ({ SPRAS, VKORG, VTEXT: name }))),
    TVTA: salesOrganisations.flatMap(({ VKORG }) =>
      distributionChannels.map((VTWEG) => ({ VKORG, VTWEG, SPART: '00', VTWKU: '10', SPAKU: '00' })),
    ),
    T077D: accountGroups.map(({ KTOKD, NUMKR, XCPDS }) => ({ KTOKD, NUMKR, XCPDS })),
    T077X: accountGroups.flatMap(({ KTOKD, english, german }) => [
      { SPRAS: 'E', KTOKD, TXT30: english },
      { SPRAS: 'D', KTOKD, TXT30: german },
    ]),
    NRIV: numberRanges.map(([NRRANGENR, FROMNUMBER, TONUMBER, EXTERNIND]) => ({
      OBJECT: 'DEBITOR',
      NRRANGENR,
      FROMNUMBER,
      TONUMBER,
      EXTERNIND,
    })),
    TSAD3T: titles.flatMap(([TITLE, english, german]) => [
      { LANGU: 'E', TITLE, TITLE_MEDI: english },
      { LANGU: 'D', TITLE, TITLE_MEDI: german },
    ]),
    T006: units.map(([MSEHI, ISOCODE]) => ({ MSEHI, ISOCODE, PRIMARY: 'X' })),
    T006A: units.flatMap(([MSEHI, , english, german, englishText, germanText]) => [
      { SPRAS: 'E', MSEHI, MSEH3: english, MSEH6: english, MSEHT: englishText.slice(0, 10), MSEHL: englishText },
      { SPRAS: 'D', MSEHI, MSEH3: german, MSEH6: german, MSEHT: germanText.slice(0, 10), MSEHL: germanText },
    ]),
    T001W: salesOrganisations
      .filter(({ VKORG }) => VKORG !== '5000')
      .map(({ WERKS, VKORG, LAND1, name }) => ({ WERKS, NAME1: name, BWKEY: WERKS, LAND1, VKORG })),
    T001K: ['1000', '2000', '3000', '4000'].map((BWKEY) => ({ BWKEY, BUKRS: BWKEY })),
    T001L: ['1000', '2000', '3000', '4000'].flatMap((WERKS) => [
      { WERKS, LGORT: '0001', LGOBE: 'Main store' },
      { WERKS, LGORT: '0088', LGOBE: 'Web shop' },
    ]),
    T023T: materialGroups.flatMap(([MATKL, english, german]) => [
      { SPRAS: 'E', MATKL, WGBEZ: english },
      { SPRAS: 'D', MATKL, WGBEZ: german },
    ]),
  };
}
