/** Customizing that a posting is checked against: periods, taxes, currencies, cost and profit centers, reasons for reversal. */
import { toText } from '../documents/amounts.ts';
import { companyCodes, taxProcedures, type Tables } from './reference.ts';

/** Country, code, rate in percent, tax account, texts in English and German. Codes V* and I* are input taxes. */
const taxCodes = [
  ['DE', 'A0', '0', '0000175000', 'Output tax 0 %', 'Ausgangssteuer 0 %'],
  ['DE', 'A1', '19', '0000175000', 'Output tax 19 %', 'Ausgangssteuer 19 %'],
  ['DE', 'A2', '7', '0000175000', 'Output tax 7 %', 'Ausgangssteuer 7 %'],
  ['DE', 'AE', '0', '0000175000', 'Delivery within the EU, exempt', 'Innergemeinschaftliche Lieferung'],
  ['DE', 'B1', '20', '0000175000', 'Distance sales, Austria 20 %', 'Fernverkauf Österreich 20 %'],
  ['DE', 'B2', '10', '0000175000', 'Distance sales, Austria 10 %', 'Fernverkauf Österreich 10 %'],
  ['DE', 'U1', '7.5', '0000175000', 'Sales to the USA, 7.5 %', 'Verkauf USA 7,5 %'],
  ['DE', 'U2', '6.25', '0000175000', 'Sales to the USA, 6.25 %', 'Verkauf USA 6,25 %'],
  ['DE', 'J1', '10', '0000175000', 'Sales to Japan, 10 %', 'Verkauf Japan 10 %'],
  ['DE', 'J2', '8', '0000175000', 'Sales to Japan, 8 %', 'Verkauf Japan 8 %'],
  ['DE', 'K1', '5', '0000175000', 'Sales to Kuwait, 5 %', 'Verkauf Kuwait 5 %'],
  ['DE', 'V0', '0', '0000154000', 'Input tax 0 %', 'Vorsteuer 0 %'],
  ['DE', 'V1', '19', '0000154000', 'Input tax 19 %', 'Vorsteuer 19 %'],
  ['DE', 'V2', '7', '0000154000', 'Input tax 7 %', 'Vorsteuer 7 %'],
  ['US', 'A0', '0', '0000176000', 'Sales tax exempt', 'Verkaufssteuer befreit'],
  ['US', 'A1', '8.25', '0000176000', 'Sales tax 8.25 %', 'Verkaufssteuer 8,25 %'],
  ['US', 'O0', '0', '0000176000', 'Sales tax exempt', 'Verkaufssteuer befreit'],
  ['US', 'O1', '8.25', '0000176000', 'Sales tax 8.25 %', 'Verkaufssteuer 8,25 %'],
  ['CH', 'A0', '0', '0000175000', 'Output tax 0 %', 'Umsatzsteuer 0 %'],
  ['CH', 'A1', '8.1', '0000175000', 'Output tax 8.1 %', 'Umsatzsteuer 8,1 %'],
  ['CH', 'A2', '2.6', '0000175000', 'Output tax 2.6 %', 'Umsatzsteuer 2,6 %'],
  ['CH', 'V1', '8.1', '0000154000', 'Input tax 8.1 %', 'Vorsteuer 8,1 %'],
  ['JP', 'A0', '0', '0000175000', 'Output tax 0 %', 'Verbrauchssteuer 0 %'],
  ['JP', 'A1', '10', '0000175000', 'Consumption tax 10 %', 'Verbrauchssteuer 10 %'],
  ['JP', 'A2', '8', '0000175000', 'Consumption tax 8 %', 'Verbrauchssteuer 8 %'],
  ['JP', 'V1', '10', '0000154000', 'Consumption tax 10 % (input)', 'Verbrauchssteuer 10 % (Vorsteuer)'],
] as const;

/** Currency, what one unit is worth in EUR; without a worth there is no exchange rate. */
const currencies = [
  ['EUR', 1],
  ['USD', 0.92],
  ['CHF', 1.05],
  ['JPY', 0.0061],
  ['KRW', 0.000_69],
  ['KWD', 3.02],
  ['TND', 0.295],
  ['GBP', 1.17],
  ['CAD', 0.68],
  ['AUD', 0.61],
  ['CNY', 0.128],
  ['CZK', undefined],
  ['CLP', undefined],
  ['BHD', undefined],
] as const;

/** Number, company code, profit center, texts, and where it is over, the last day. */
const costCenters = [
  ['0000004711', '1000', '0000001000', 'Marketing', 'Marketing'],
  ['0000004712', '1000', '0000001000', 'Administration', 'Verwaltung'],
  ['VERTRIEB', '1000', '0000002000', 'Sales', 'Vertrieb'],
  ['ONLINESHOP', '1000', '0000002000', 'Online shop', 'Onlineshop'],
  ['0000004799', '1000', '0000001000', 'Closed branch', 'Filiale alt', '20231231'],
  ['0000004720', '2000', '0000001000', 'Marketing USA', 'Marketing USA'],
  ['0000004730', '3000', '0000001000', 'Marketing Switzerland', 'Marketing Schweiz'],
  ['0000004740', '4000', '0000001000', 'Marketing Japan', 'Marketing Japan'],
] as const;

const profitCenters = [
  ['0000001000', 'Retail', 'Einzelhandel', '99991231'],
  ['0000002000', 'Wholesale', 'Großhandel', '99991231'],
  ['ONLINE', 'Online business', 'Onlinegeschäft', '99991231'],
  ['0000003000', 'Leasing (given up)', 'Leasing (aufgegeben)', '20231231'],
] as const;

const controllingArea = '1000';
const validFrom = '20000101';
const forever = '99991231';

export function accountingTables(): Tables {
  return { ...periodTables(), ...currencyTables(), ...taxTables(), ...controllingTables() };
}

/** Every account type of every company code is open from 2020 to 2099; T001B rows are changed by the control requests. */
function periodTables(): Tables {
  return {
    T001B: companyCodes.flatMap(({ BUKRS }) =>
      ['+', 'A', 'D', 'K', 'M', 'S'].map((MKOAR) => ({
        RRCTY: '0',
        BUKRS,
        MKOAR,
        BKONT: MKOAR === '+' ? '' : 'ZZZZZZZZZZ',
        FRYE1: '2020',
        FRPE1: '001',
        TOYE1: '2099',
        TOPE1: '012',
        FRYE2: '2020',
        FRPE2: '013',
        TOYE2: '2020',
        TOPE2: '016',
      })),
    ),
    T009: [
      { PERIV: 'K4', XKALE: 'X', ANZBP: '012', ANZSP: '04' },
      { PERIV: 'V3', XKALE: '', ANZBP: '012', ANZSP: '04' },
    ],
    T009B: Array.from({ length: 12 }, (_, index) => index + 1).map((month) => ({
      PERIV: 'V3',
      BDATJ: '0000',
      BUMON: String(month).padStart(2, '0'),
      BUTAG: month === 2 ? '29' : [4, 6, 9, 11].includes(month) ? '30' : '31',
      POPER: String(month >= 4 ? month - 3 : month + 9).padStart(3, '0'),
      RELJR: month >= 4 ? '0' : '-1',
    })),
    T041C: [
      { STGRD: '01', XNEGP: '', XABWD: '' },
      { STGRD: '02', XNEGP: '', XABWD: 'X' },
      { STGRD: '03', XNEGP: 'X', XABWD: '' },
      { STGRD: '04', XNEGP: 'X', XABWD: 'X' },
    ],
  };
}

/** Rates of type M from every currency into those of the company codes, since 2020; small ones are given for 100 units. */
function currencyTables(): Tables {
  const local = new Set(companyCodes.map(({ WAERS }) => WAERS));
  return {
    TCURC: currencies.map(([WAERS]) => ({ WAERS, ISOCD: WAERS })),
    TCURR: [...local].flatMap((target) =>
      currencies.flatMap(([from, worth]) => {
        const targetWorth = currencies.find(([currency]) => currency === target)?.[1];
        if (worth === undefined || targetWorth === undefined || from === target) return [];
        const isSmall = worth / targetWorth < 0.1;
        const rate = ((worth / targetWorth) * (isSmall ? 100 : 1)).toFixed(5);
        return [
          { KURST: 'M', FCURR: from, TCURR: target, GDATU: inverted('20200101'), UKURS: rate, FFACT: isSmall ? '100' : '1', TFACT: '1' },
        ];
      }),
    ),
  };
}

/** GDATU: the later a date, the smaller its key. */
function inverted(date: string): string {
  return String(99_999_999 - Number(date));
}

function taxTables(): Tables {
  const rows = taxCodes.map(([country, code, rate, account, english, german], index) => {
    const isInput = code.startsWith('V') || code.startsWith('I');
    const condition = isInput ? 'MWVS' : 'MWAS';
    const record = String(9001 + index).padStart(10, '0');
    const KALSM = taxProcedures[country] ?? '';
    return { country, code, rate, account, english, german, isInput, condition, record, KALSM };
  });
  return {
    T007A: rows.map(({ KALSM, code, isInput }) => ({ KALSM, MWSKZ: code, MWART: isInput ? 'V' : 'A', PRUEF: 'X' })),
    T007S: rows.flatMap(({ KALSM, code, english, german }) => [
      { SPRAS: 'E', KALSM, MWSKZ: code, TEXT1: english },
      { SPRAS: 'D', KALSM, MWSKZ: code, TEXT1: german },
    ]),
    A003: rows.map(({ country, code, condition, record }) => ({
      KAPPL: 'TX',
      KSCHL: condition,
      ALAND: country,
      MWSKZ: code,
      KNUMH: record,
    })),
    // Percentages are stored ten times as large.
    KONP: rows.map(({ code, condition, record, rate }) => ({
      KNUMH: record,
      KOPOS: '01',
      KAPPL: 'TX',
      KSCHL: condition,
      KRECH: 'A',
      KBETR: toText(Math.round(Number(rate) * 1000), 'EUR'),
      KONWA: '%',
      MWSK1: code,
    })),
    T030K: rows.map(({ account, isInput, code, country }) => ({
      KTOPL: 'INT',
      KTOSL: isInput ? 'VST' : 'MWS',
      MWSKZ: code,
      LAND1: country,
      KONTS: account,
      KONTH: account,
    })),
  };
}

function controllingTables(): Tables {
  const period = { KOKRS: controllingArea, DATAB: validFrom };
  return {
    TKA02: companyCodes.map(({ BUKRS }) => ({ BUKRS, KOKRS: controllingArea })),
    CSKS: costCenters.map(([KOSTL, BUKRS, PRCTR, , , DATBI = forever]) => ({ ...period, KOSTL, DATBI, BUKRS, PRCTR, KOSAR: 'V' })),
    CSKT: costCenters.flatMap(([KOSTL, , , english, german, DATBI = forever]) => [
      { SPRAS: 'E', KOKRS: controllingArea, KOSTL, DATBI, KTEXT: english.slice(0, 20), LTEXT: english },
      { SPRAS: 'D', KOKRS: controllingArea, KOSTL, DATBI, KTEXT: german.slice(0, 20), LTEXT: german },
    ]),
    CEPC: profitCenters.map(([PRCTR, , , DATBI]) => ({ ...period, PRCTR, DATBI })),
    CEPCT: profitCenters.flatMap(([PRCTR, english, german, DATBI]) => [
      { SPRAS: 'E', PRCTR, DATBI, KOKRS: controllingArea, KTEXT: english.slice(0, 20), LTEXT: english },
      { SPRAS: 'D', PRCTR, DATBI, KOKRS: controllingArea, KTEXT: german.slice(0, 20), LTEXT: german },
    ]),
    AUFK: [
      { AUFNR: '000000400001', AUART: '0650', KTEXT: 'Spring campaign', BUKRS: '1000', KOKRS: controllingArea, PHAS1: 'X' },
      { AUFNR: '000000400002', AUART: '0650', KTEXT: 'Trade fair 2019', BUKRS: '1000', KOKRS: controllingArea, PHAS3: 'X' },
    ],
  };
}
