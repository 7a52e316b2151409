/** Where invented vendors come from: towns, streets, name parts and number formats of a country. */
import type { Random } from './random.ts';

export interface Region {
  country: string;
  language: string;
  currency: string;
  /** Town, region key, postal code. */
  towns: readonly (readonly [string, string, string])[];
  streets: readonly string[];
  families: readonly string[];
  trades: readonly string[];
  forms: readonly string[];
  vatNumber(random: Random): string;
  phone(random: Random): string;
}

export const regions: readonly (Region & { weight: number })[] = [
  {
    weight: 40,
    country: 'DE',
    language: 'D',
    currency: 'EUR',
    towns: [
      ['Köln', '05', '50667'],
      ['München', '09', '80331'],
      ['Düsseldorf', '05', '40213'],
      ['Würzburg', '09', '97070'],
      ['Gießen', '06', '35390'],
      ['Lübeck', '01', '23552'],
      ['Halle (Saale)', '15', '06108'],
    ],
    streets: ['Hauptstraße', 'Industriestr.', 'An der Mühle', 'Königsallee', 'Gewerbepark Süd', 'Straße des 17. Juni'],
    families: ['Müller', 'Schäfer', 'Größl', 'Weiß', 'Jäger', 'Böhm', 'Krüger', 'Häußler', 'von der Heydt', 'Özdemir', 'Strauß'],
    trades: ['Maschinenbau', 'Verpackungen', 'Stahlhandel', 'Elektrotechnik', 'Spedition', 'Bürobedarf', 'Gebäudereinigung', 'Schrauben'],
    forms: ['GmbH', 'GmbH & Co. KG', 'AG', 'e.K.', 'OHG', 'KG'],
    vatNumber: (random) => `DE${random.digits(9)}`,
    phone: (random) => `0${random.between(201, 9999)}/${random.digits(6)}`,
  },
  {
    weight: 18,
    country: 'US',
    language: 'E',
    currency: 'USD',
    towns: [
      ['Springfield', 'IL', '62701'],
      ['Portland', 'OR', '97201-4512'],
      ['Coeur d\u2019Alene', 'ID', '83814'],
      ['St. Louis', 'MO', '63101'],
    ],
    streets: ['Main Street', 'N. 3rd Ave', "O'Farrell St", 'Industrial Pkwy'],
    families: ["O'Brien", 'Smith', 'Johnson', "D'Angelo", 'McAllister', 'Nguyen', 'Garcia'],
    trades: ['Tool & Die', 'Supply', 'Logistics', 'Fasteners', 'Packaging', 'Office Products'],
    forms: ['Inc.', 'LLC', 'Corp.', 'Co., Ltd.'],
    vatNumber: () => '',
    phone: (random) => `+1 (${random.between(201, 989)}) ${random.digits(3)}-${random.digits(4)}`,
  },
  {
    weight: 8,
    country: 'CH',
    language: 'D',
    currency: 'CHF',
    towns: [
      ['Zürich', 'ZH', '8001'],
      ['Genève', 'GE', '1201'],
      ['Neuchâtel', 'NE', '2000'],
    ],
    streets: ['Bahnhofstrasse', 'Rue du Rhône', 'Chemin des Crêts'],
    families: ['Brügger', 'Favre', 'Zürcher', 'Bösch'],
    trades: ['Präzisionstechnik', 'Uhrenteile', 'Treuhand', 'Chemie'],
    forms: ['AG', 'SA', 'GmbH', 'Sàrl'],
    vatNumber: (random) => `CHE${random.digits(9)}MWST`,
    phone: (random) => `+41 ${random.between(21, 81)} ${random.digits(3)} ${random.digits(2)} ${random.digits(2)}`,
  },
  {
    weight: 10,
    country: 'CN',
    language: '1',
    currency: 'USD',
    towns: [
      ['深圳', '190', '518000'],
      ['上海', '020', '200000'],
      ['宁波', '130', '315000'],
    ],
    streets: ['南山区科技路', '浦东新区张江路', '工业大道'],
    families: ['华为达', '金龙', '东方明珠', '新世界', '长城'],
    trades: ['电子', '五金制品', '塑料', '纺织', '物流'],
    forms: ['有限公司', '股份有限公司'],
    vatNumber: (random) => random.digits(18),
    phone: (random) => `+86 755 ${random.digits(8)}`,
  },
  {
    weight: 7,
    country: 'GR',
    language: 'G',
    currency: 'EUR',
    towns: [
      ['Αθήνα', '', '10431'],
      ['Θεσσαλονίκη', '', '54622'],
    ],
    streets: ['Οδός Ερμού', 'Λεωφόρος Συγγρού'],
    families: ['Παπαδόπουλος', 'Γεωργίου', 'Νικολαΐδης'],
    trades: ['Μεταφορές', 'Ελαιόλαδο', 'Ναυτιλιακά'],
    forms: ['Α.Ε.', 'Ε.Π.Ε.', 'Ο.Ε.'],
    vatNumber: (random) => `EL${random.digits(9)}`,
    phone: (random) => `+30 21${random.digits(8)}`,
  },
  {
    weight: 7,
    country: 'CZ',
    language: 'C',
    currency: 'EUR',
    towns: [
      ['Plzeň', '', '301 00'],
      ['Hradec Králové', '', '500 02'],
      ['České Budějovice', '', '370 01'],
    ],
    streets: ['Náměstí Míru', 'Žižkova třída', 'U Křížku'],
    families: ['Dvořák', 'Šťastný', 'Novotná', 'Příhoda'],
    trades: ['Strojírny', 'Sklárny', 'Obaly', 'Doprava'],
    forms: ['s.r.o.', 'a.s.', 'v.o.s.'],
    vatNumber: (random) => `CZ${random.digits(8)}`,
    phone: (random) => `+420 ${random.digits(3)} ${random.digits(3)} ${random.digits(3)}`,
  },
  {
    weight: 6,
    country: 'JP',
    language: 'J',
    currency: 'JPY',
    towns: [
      ['大阪市', '27', '530-0001'],
      ['名古屋市', '23', '460-0008'],
    ],
    streets: ['北区梅田1丁目', '中区栄3丁目'],
    families: ['山田', '佐藤', '渡辺'],
    trades: ['製作所', '商事', '電機'],
    forms: ['株式会社', '有限会社'],
    vatNumber: () => '',
    phone: (random) => `+81 6 ${random.digits(4)} ${random.digits(4)}`,
  },
  {
    weight: 4,
    country: 'KW',
    language: 'E',
    currency: 'KWD',
    towns: [
      ['Kuwait City', '', '13001'],
      ['Al Aḥmadī', '', '61000'],
    ],
    streets: ['Fahad Al-Salem St', 'Block 5, Street 12'],
    families: ['Al-Sabah', 'Al-Mutairi', 'Al-Rashidi'],
    trades: ['Trading', 'Contracting', 'Oilfield Services'],
    forms: ['W.L.L.', 'K.S.C.'],
    vatNumber: () => '',
    phone: (random) => `+965 ${random.digits(8)}`,
  },
];

export function pickRegion(random: Random): Region {
  const total = regions.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  return regions.find(({ weight }) => (left -= weight) < 0) ?? (regions[0] as Region);
}
