/**
 * Invented trading goods: texts in several languages, plants, stock, valuation, sales areas, prices that run, have ended, are still to come,
 * are scaled (KPEIN) or deleted. Prices are stored as CURR fields are: shifted to two decimals.
 */
import type { Row } from '../dictionary/index.ts';
import { Random } from './random.ts';
import type { Tables } from './reference.ts';
import { distributionChannels, materialGroups, salesOrganisations } from './sales.ts';

const firstNumber = 200_001;
const firstCondition = 300_001;
/** A price that runs. */
const always = { DATAB: '20200101', DATBI: '99991231' };

/** Word in English, German, Japanese, Czech. */
const goods = [
  ['Hex bolt', 'Sechskantschraube', '六角ボルト', 'Šroub šestihranný'],
  ['Claw hammer', 'Klauenhammer', '釘抜きハンマー', 'Kladivo'],
  ['Cordless drill', 'Akku-Bohrschrauber', '充電式ドリル', 'Aku vrtačka'],
  ['Pruning shears', 'Gartenschere', '剪定ばさみ', 'Zahradní nůžky'],
  ['Work gloves', 'Arbeitshandschuhe', '作業用手袋', 'Pracovní rukavice'],
] as const;

/** Descriptions that break naive code; each stands once among the first materials. */
const awkwardTexts = [
  "Screw 1/2\" x 3' <zinc> | O'Brien & Co.",
  'Übergröße: Handschuh, „Größe 12“; 100 %',
  'x'.repeat(40),
  '=HYPERLINK(1)',
];

export function materialTables(count: number, seed: number): Tables {
  const random = new Random(seed + 991);
  const tables: Tables = { MARA: [], MAKT: [], MARM: [], MARC: [], MARD: [], MBEW: [], MVKE: [], A004: [], A304: [], KONP: [] };
  for (let index = 0; index < count; index++) addMaterial(tables, index, random);
  return tables;
}

/** Mostly numbers, some texts with hyphens and slashes. */
function numberOf(index: number): string {
  if (index % 10 === 3) return `NW-${String(index).padStart(4, '0')}/B`;
  return String(firstNumber + index).padStart(18, '0');
}

function addMaterial(tables: Tables, index: number, random: Random): void {
  const MATNR = numberOf(index);
  const kind = index % goods.length;
  push(tables, 'MARA', { ...generalRow(index, kind, random), MATNR });
  addTexts(tables, MATNR, index, kind);
  if (index % 6 === 0) push(tables, 'MARM', { MATNR, MEINH: 'KAR', UMREZ: '12', UMREN: '1' });
  for (const WERKS of index % 4 === 1 ? ['1000', '2000'] : index % 9 === 5 ? ['4000'] : ['1000']) {
    push(tables, 'MARC', { MATNR, WERKS, LVORM: index % 89 === 31 ? 'X' : '', DISPO: '001' });
    addStock(tables, MATNR, WERKS, index, random);
    const STPRS = `${random.between(1, 900)}.${random.digits(2)}`;
    push(tables, 'MBEW', { MATNR, BWKEY: WERKS, VPRSV: 'S', STPRS, PEINH: index % 5 === 0 ? '100' : '1', BKLAS: '3100' });
  }
  for (const organisation of salesOrganisations) {
    if (index % 7 === 6 && organisation.VKORG !== '1000') continue;
    for (const VTWEG of distributionChannels) {
      const VMSTA = index % 83 === 40 ? '01' : '';
      push(tables, 'MVKE', {
        MATNR,
        VKORG: organisation.VKORG,
        VTWEG,
        VMSTA,
        LVORM: index % 79 === 50 ? 'X' : '',
        DWERK: organisation.WERKS,
      });
    }
    addPrices(tables, { MATNR, index, organisation, random });
  }
}

function generalRow(index: number, kind: number, random: Random): Row {
  const grams = random.between(5, 25_000);
  const isLight = index % 5 === 0;
  const weight = isLight ? `${grams}.000` : `${Math.floor(grams / 1000)}.${String(grams % 1000).padStart(3, '0')}`;
  const created = `20${random.between(10, 23)}${String(random.between(1, 12)).padStart(2, '0')}${String(random.between(1, 28)).padStart(2, '0')}`;
  return {
    ERSDA: created,
    ERNAM: 'KSCHAEFER',
    LAEDA: random.chance(0.6)
      ? `2024${String(random.between(1, 12)).padStart(2, '0')}${String(random.between(1, 28)).padStart(2, '0')}`
      : '00000000',
    LVORM: index % 41 === 17 ? 'X' : '',
    MTART: index % 13 === 2 ? 'ROH' : index % 17 === 4 ? 'FERT' : 'HAWA',
    MBRSH: 'M',
    MATKL: materialGroups[kind]?.[0] ?? '',
    MEINS: kind === 4 ? 'PAA' : kind === 0 && index % 2 === 0 ? 'KG' : 'ST',
    BRGEW: weight,
    NTGEW: weight,
    GEWEI: isLight ? 'G' : 'KG',
    EAN11: index % 5 === 3 ? '' : ean13(index),
    NUMTP: index % 5 === 3 ? '' : 'HE',
    MSTAE: index % 97 === 60 ? '01' : '',
  };
}

/** Not every material has a text in every language; some have none at all. */
function addTexts(tables: Tables, MATNR: string, index: number, kind: number): void {
  if (index % 101 === 77) return;
  const [english, german, japanese, czech] = goods[kind] ?? goods[0];
  const size = `M${4 + (index % 20)}-${index}`;
  const texts: [string, string][] = [
    ['D', `${german} ${size}`],
    ...(index % 4 === 0 ? [] : ([['E', awkwardTexts[index - 1] ?? `${english} ${size}`]] as [string, string][])),
    ...(index % 6 === 1 ? ([['J', `${japanese} ${size}`]] as [string, string][]) : []),
    ...(index % 6 === 5 ? ([['C', `${czech} ${size}`]] as [string, string][]) : []),
  ];
  for (const [SPRAS, text] of texts) {
    const MAKTX = text.slice(0, 40);
    push(tables, 'MAKT', { MATNR, SPRAS, MAKTX, MAKTG: MAKTX.toUpperCase().slice(0, 40) });
  }
}

/** None, in one or two storage locations, below zero, and with decimals. */
function addStock(tables: Tables, MATNR: string, WERKS: string, index: number, random: Random): void {
  if (index % 12 === 10) return;
  const quantity =
    index % 33 === 8 ? '-3.000' : index % 15 === 7 ? '0.000' : `${random.between(1, 5000)}.${index % 4 === 0 ? '250' : '000'}`;
  push(tables, 'MARD', { MATNR, WERKS, LGORT: '0001', LABST: quantity, SPEME: index % 20 === 0 ? '5.000' : '0.000' });
  if (index % 3 === 0) push(tables, 'MARD', { MATNR, WERKS, LGORT: '0088', LABST: `${random.between(0, 50)}.000` });
}

interface Priced {
  MATNR: string;
  index: number;
  organisation: (typeof salesOrganisations)[number];
  random: Random;
}

function addPrices(tables: Tables, { MATNR, index, organisation: { VKORG, WAERS }, random }: Priced): void {
  if (index % 14 === 9) return;
  // KG and PAA too are priced per base unit; bolts per hundred.
  const KPEIN = index % 5 === 0 ? '100' : index % 23 === 1 ? '1000' : '1';
  const KMEIN = (tables['MARA'] ?? []).at(-1)?.['MEINS'] ?? 'ST';
  const add = (table: 'A004' | 'A304', validity: Row, more: Row = {}): void => {
    const KNUMH = String(firstCondition + (tables['KONP'] ?? []).length).padStart(10, '0');
    const common = { KNUMH, KAPPL: 'V', KSCHL: 'PR00' };
    push(tables, table, { ...common, VKORG, VTWEG: table === 'A304' ? '30' : '10', MATNR, ...validity });
    // Two decimals stored whatever the currency: 12345.00 is JPY 1234500, 12.34 is KWD 1.234.
    const KBETR = `${random.between(1, 2000)}.${random.digits(2)}`;
    push(tables, 'KONP', { ...common, KOPOS: '01', KRECH: 'C', KBETR, KONWA: WAERS, KPEIN, KMEIN, ...more });
  };
  if (index % 16 === 3) add('A004', { DATAB: '20180101', DATBI: '20191231' });
  else if (index % 16 === 11) add('A004', { DATAB: '20980101', DATBI: '99991231' });
  else if (index % 16 === 5) {
    add('A004', { DATAB: '20180101', DATBI: '20191231' });
    add('A004', { DATAB: '20200101', DATBI: '20971231' });
    add('A004', { DATAB: '20980101', DATBI: '99991231' });
  } else add('A004', always, index % 43 === 20 ? { LOEVM_KO: 'X' } : {});
  if (index % 3 === 0) add('A304', always);
}

function ean13(index: number): string {
  const digits = `40${String(12_345_000 + index).padStart(10, '0')}`;
  const sum = Array.from(digits).reduce((total, digit, place) => total + Number(digit) * (place % 2 === 0 ? 1 : 3), 0);
  return digits + String((10 - (sum % 10)) % 10);
}

function push(tables: Tables, name: string, row: Row): void {
  (tables[name] ??= []).push(row);
}
