import { justified, type Row } from '../data/index.ts';
import { daysFrom } from './stamps.ts';

export interface Company {
  number: string;
  name: string;
  currency: string;
  /** Business units with their names; the first one is that of the balance sheet. */
  businessUnits: readonly (readonly [string, string])[];
}

export const companies: readonly Company[] = [
  {
    number: '00100',
    name: 'Example Manufacturing GmbH',
    currency: 'EUR',
    businessUnits: [
      ['100', 'Bilanz Deutschland'],
      ['30', 'Werk Köln'],
      ['31', 'Lager Düsseldorf'],
      ['35', 'Vertrieb Süd'],
    ],
  },
  {
    number: '00200',
    name: 'Example Manufacturing Ltd',
    currency: 'GBP',
    businessUnits: [
      ['200', 'Balance Sheet UK'],
      ['40', 'Leeds Works'],
    ],
  },
  {
    number: '00300',
    name: 'Example Manufacturing Inc.',
    currency: 'USD',
    businessUnits: [
      ['300', 'Balance Sheet US'],
      ['M50', 'Denver Plant'],
      ['M51', 'Springfield Warehouse'],
    ],
  },
];

/** Code, text, net days, discount in percent. */
export const paymentTerms: readonly (readonly [string, string, string, string])[] = [
  ['', 'Due upon receipt', '0', '0'],
  ['001', 'Net 15 Days', '15', '0'],
  ['002', 'Net 30 Days', '30', '0'],
  ['003', '2% 10, Net 30', '30', '2.000'],
  ['004', 'Net 60 Days', '60', '0'],
  ['005', 'Zahlbar 14 Tage o. Abzug', '14', '0'],
  ['N45', 'Net 45 Days', '45', '0'],
  ['EOM', 'End of Month', '0', '0'],
];

/** Search types; VX is this company's own kind of supplier. */
export const searchTypes = { V: 'Suppliers', VX: 'Freight suppliers', C: 'Customers', E: 'Employees', O: 'Company' } as const;

/** Country codes as this company has them: `UK` and `PRC` are not ISO. */
const countryNames: Readonly<Record<string, string>> = {
  DE: 'Germany',
  US: 'United States',
  UK: 'United Kingdom',
  IE: 'Ireland',
  PRC: 'China',
  JP: 'Japan',
  PL: 'Poland',
  DK: 'Denmark',
  CH: 'Switzerland',
  FR: 'France',
};

export function referenceTables(today: string): Record<string, Row[]> {
  const stamp: Row = { USER: 'SETUP', PID: 'P0010', JOBN: 'JDEPRD01', UPMJ: daysFrom(today, -2000), UPMT: '93015' };
  const code = (SY: string, RT: string, KY: string, DL01: string): Row => ({ SY, RT, KY, DL01, HRDC: 'N', ...stamp });
  return {
    F0010: companies.map(({ number, name, currency }) => ({ CO: number, NAME: name, CRCD: currency, DFYJ: '20200101', ...stamp })),
    F0006: companies.flatMap(({ number, businessUnits }) =>
      businessUnits.map(([unit, name], index) => ({
        MCU: justified({ length: 12 }, unit),
        STYL: index === 0 ? 'BS' : 'BP',
        LDM: '9',
        CO: number,
        DL01: name,
        ...stamp,
      })),
    ),
    F0014: paymentTerms.map(([PTC, PTD, NDTP, DCP]) => ({ PTC, PTD, NDTP, DCP, ...stamp })),
    F0005: [
      ...Object.entries(searchTypes).map(([key, text]) => code('01', 'ST', key, text)),
      ...Object.entries(countryNames).map(([key, text]) => code('00', 'CN', key, text)),
    ],
  };
}
