import type { Random } from '../../sap/seed/random.ts';

/** Where invented suppliers come from. */
export interface Place {
  /** As this company writes it: not always ISO. */
  country: string;
  language: string;
  currency: string;
  taxArea: string;
  /** City, state, postal code, county. */
  towns: readonly (readonly [string, string, string, string])[];
  streets: readonly string[];
  families: readonly string[];
  trades: readonly string[];
  forms: readonly string[];
  areaCodes: readonly string[];
  taxId: string;
}

const germany: Place = {
  country: 'DE',
  language: 'G',
  currency: 'EUR',
  taxArea: 'DE19',
  towns: [
    ['Köln', 'NW', '50667', ''],
    ['München', 'BY', '80331', ''],
    ['Würzburg', 'BY', '97070', 'Unterfranken'],
    ['Lübeck', 'SH', '23552', ''],
  ],
  streets: ['Hauptstraße', 'Industriestr.', 'An der Mühle', 'Königsallee', 'Straße des 17. Juni'],
  families: ['Müller', 'Schäfer', 'Größl', 'Weiß', 'Häußler', 'von der Heydt', 'Özdemir'],
  trades: ['Maschinenbau', 'Verpackungen', 'Stahlhandel', 'Spedition', 'Bürobedarf'],
  forms: ['GmbH', 'GmbH & Co. KG', 'AG', 'e.K.'],
  areaCodes: ['0221', '089', '0931'],
  taxId: 'DE',
};
const unitedStates: Place = {
  country: 'US',
  language: '',
  currency: 'USD',
  taxArea: 'USEXEMPT',
  towns: [
    ['Springfield', 'IL', '62701', 'Sangamon'],
    ['Portland', 'OR', '97201-4512', 'Multnomah'],
    ["Coeur d'Alene", 'ID', '83814', 'Kootenai'],
  ],
  streets: ['Main Street', 'N. 3rd Ave', "O'Farrell St", 'Industrial Pkwy'],
  families: ["O'Brien", 'Smith', "D'Angelo", 'McAllister', 'Nguyen'],
  trades: ['Tool & Die', 'Supply', 'Logistics', 'Fasteners'],
  forms: ['Inc.', 'LLC', 'Corp.'],
  areaCodes: ['217', '503', '208'],
  taxId: '',
};
const unitedKingdom: Place = {
  country: 'UK',
  language: '',
  currency: 'GBP',
  taxArea: 'GBSTD',
  towns: [
    ['Leeds', '', 'LS1 4AP', 'West Yorkshire'],
    ['Kingston upon Hull', '', 'HU1 2PR', 'East Riding'],
  ],
  streets: ['High Street', 'Station Road', "St. John's Lane"],
  families: ["O'Neill", 'Hughes', 'Whitfield', 'Barrow'],
  trades: ['Castings', 'Haulage', 'Stationery', 'Electricals'],
  forms: ['Ltd', 'plc', '& Sons'],
  areaCodes: ['0113', '01482'],
  taxId: 'GB',
};
const china: Place = {
  country: 'PRC',
  language: 'CS',
  currency: 'USD',
  taxArea: '',
  towns: [
    ['上海', '', '200120', '浦东新区'],
    ['深圳', '', '518057', '南山区'],
  ],
  streets: ['世纪大道', '科技南路'],
  families: ['华联', '金桥', '远洋', '德胜'],
  trades: ['贸易', '五金制品', '电子'],
  forms: ['有限公司', '股份有限公司'],
  areaCodes: ['021', '0755'],
  taxId: '',
};
const japan: Place = {
  country: 'JP',
  language: 'J',
  currency: 'JPY',
  taxArea: '',
  towns: [['大阪市', '', '530-0001', '北区']],
  streets: ['梅田', '本町'],
  families: ['山田', '田中', '鈴木'],
  trades: ['製作所', '商店'],
  forms: ['株式会社'],
  areaCodes: ['06'],
  taxId: '',
};

const weighted = [germany, germany, germany, germany, unitedStates, unitedStates, unitedStates, unitedKingdom, unitedKingdom, china, japan];

export function pickPlace(random: Random): Place {
  return random.pick(weighted);
}

/** Written without blanks in between. */
export function isEastAsian({ country }: Place): boolean {
  return country === 'PRC' || country === 'JP';
}
