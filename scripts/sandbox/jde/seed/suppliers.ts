import { justified, type Row } from '../data/index.ts';
import { Random } from '../../sap/seed/random.ts';
import { isEastAsian, pickPlace, type Place } from './places.ts';
import { paymentTerms } from './reference.ts';
import { daysFrom, oldStamp } from './stamps.ts';

export interface SupplierSeed {
  count: number;
  seed: number;
  today: string;
}

interface Entry {
  AN8: string;
  index: number;
  name: string;
  place: Place;
  random: Random;
  today: string;
}

type Tables = Record<'F0101' | 'F0111' | 'F0116' | 'F0115' | 'F01151' | 'F0401', Row[]>;

/** Address number of the supplier with that index; the even numbers between belong to others. */
export function supplierNumber(index: number): string {
  return String(6001 + index * 2);
}

/** Suppliers in F0101 and F0401 with their addresses, phones and e-mails, and entries of other kinds between them. */
export function supplierTables({ count, seed, today }: SupplierSeed): Tables {
  const random = new Random(seed);
  const tables: Tables = { F0101: [], F0111: [], F0116: [], F0115: [], F01151: [], F0401: [] };
  for (let index = 0; index < count; index++) {
    const place = pickPlace(random);
    const entry: Entry = { AN8: supplierNumber(index), index, name: nameOf(index, place, random), place, random, today };
    addEntry(tables, entry, index % 12 === 5 ? 'VX' : 'V');
    tables.F0401.push(masterRow(entry));
    const other = otherKind(index);
    if (other) addEntry(tables, { ...entry, AN8: String(Number(entry.AN8) + 1), name: nameOf(-1, place, random) }, other);
  }
  return tables;
}

/** Names that break naive code; each stands once, as the first suppliers. */
const awkwardNames = [
  "O'Brien & Sons Ltd.",
  'Müller-Lüdenscheidt Maschinenbau GmbH',
  '上海华联国际贸易有限公司',
  'Internationale Handelsgesellschaft mbH K',
  'Łódź Szczęście Sp. z o.o.',
  'Smørrebrød Ærø A/S',
  '"Quoted" Tools, Inc.',
  '100% Natural_Food <Import> S.A.',
  'Pipe|Delimited|Trading LLC',
  '株式会社山田製作所 大阪営業所',
  "='cmd|calc'!A1 Trading",
  'SMITH, JOHN',
];

/** Carried by two suppliers in different towns. */
const twinName = 'Schmidt Logistik GmbH';

function nameOf(index: number, place: Place, random: Random): string {
  if (index === 20 || index === 21) return twinName;
  const awkward = awkwardNames[index];
  if (awkward) return awkward;
  const [family, trade, form] = [random.pick(place.families), random.pick(place.trades), random.pick(place.forms)];
  const number = index < 0 ? random.digits(5) : String(index);
  const name = isEastAsian(place) ? `${family}${trade}${number}${form}` : `${family} ${trade} ${number} ${form}`;
  return (index % 31 === 8 ? name.padEnd(40, 'x') : name).slice(0, 40).trimEnd();
}

/** A customer, an employee, or a supplier that nobody gave a supplier master yet. */
function otherKind(index: number): string | undefined {
  if (index % 100 === 50) return 'V';
  if (index % 10 === 4) return 'C';
  return index % 25 === 7 ? 'E' : undefined;
}

function addEntry(tables: Tables, entry: Entry, searchType: string): void {
  const { index } = entry;
  tables.F0101.push(addressBookRow(entry, searchType));
  // Some have no row for the entity itself, some a row without a name.
  if (index % 15 !== 9) tables.F0111.push(whoRow(entry, '0', index % 40 === 12 ? '' : entry.name));
  if (index % 4 === 1) tables.F0111.push(whoRow(entry, '1', contactNames[index % contactNames.length] ?? ''));
  addAddresses(tables.F0116, entry);
  addPhones(tables.F0115, entry);
  addElectronic(tables.F01151, entry);
}

const contactNames = ['Jürgen Größer', "Seán O'Brien", '王伟', 'Mary Ann Smith', 'Renée Ötzlinger'];

function addressBookRow({ AN8, index, name, place, random, today }: Entry, AT1: string): Row {
  // Old entries were keyed in capitals.
  const ALPH = index >= awkwardNames.length && index % 3 === 0 && name !== twinName ? name.toUpperCase().slice(0, 40) : name;
  return {
    AN8,
    ALKY: index % 5 === 2 ? `LEG-${AN8}` : '',
    TAX: index % 7 === 6 ? '' : random.digits(11),
    ALPH,
    DC: ALPH.toUpperCase().replaceAll(' ', '').slice(0, 40),
    MCU: justified({ length: 12 }, '100'),
    LNGP: place.language,
    AT1,
    CM: index % 90 === 33 ? 'CO' : '',
    ATP: AT1.startsWith('V') ? 'Y' : 'N',
    ATR: AT1 === 'C' ? 'Y' : 'N',
    ATE: AT1 === 'E' ? 'Y' : 'N',
    AC07: random.pick(['', 'A', 'B', 'C']),
    TX2: place.taxId === '' ? '' : `${place.taxId}${random.digits(9)}`,
    ...oldStamp(random, today),
  };
}

function whoRow({ AN8, name, random, today }: Entry, IDLN: string, MLNM: string): Row {
  const ATTL = IDLN === '0' ? '' : 'Einkauf / Purchasing';
  return { AN8, IDLN, MLNM, ALPH: IDLN === '0' ? name : MLNM, ATTL, TYC: IDLN === '0' ? '' : 'C', ...oldStamp(random, today) };
}

function addAddresses(rows: Row[], { AN8, index, place, random, today }: Entry): void {
  const row = (EFTB: string): Row => {
    const [CTY1, ADDS, ADDZ, COUN] = random.pick(place.towns);
    const street = `${random.pick(place.streets)} ${random.between(1, 280)}`;
    return {
      AN8,
      EFTB,
      ADD1: index % 11 === 10 ? 'c/o Empfang, Gebäude C, Gewerbepark 2. OG'.slice(0, 40) : street,
      ADD2: index % 11 === 10 ? street : '',
      ADDZ,
      CTY1,
      COUN,
      ADDS,
      CTR: index % 50 === 44 ? '' : place.country,
      ...oldStamp(random, today),
    };
  };
  const starts = index % 97 === 3 ? [30] : index % 20 === 13 ? [-900, 30] : index % 8 === 6 ? [-1200, -400] : [];
  // The first address of most entries has no date at all.
  if (starts.length === 0) rows.push(row(index % 3 === 0 ? '' : daysFrom(today, -1500)));
  for (const start of starts) rows.push(row(daysFrom(today, start)));
  if (index % 200 === 66) rows.push(row(daysFrom(today, 0)));
}

function addPhones(rows: Row[], { AN8, index, place, random, today }: Entry): void {
  const kinds = index % 6 === 5 ? [] : index % 4 === 0 ? ['', 'FAX'] : index % 4 === 1 ? ['', 'CELL'] : [''];
  kinds.forEach((PHTP, line) =>
    rows.push({
      AN8,
      IDLN: '0',
      CNLN: '0',
      RCK7: String(line + 1),
      PHTP,
      AR1: random.pick(place.areaCodes),
      PH1: `${random.digits(3)} ${random.digits(4)}`,
      ...oldStamp(random, today),
    }),
  );
}

function addElectronic(rows: Row[], { AN8, index, random, today }: Entry): void {
  const add = (IDLN: string, RCK7: string, ETP: string, EMAL: string): void =>
    void rows.push({ AN8, IDLN, RCK7, ETP, EMAL, EHIER: RCK7, ECLASS: '', ...oldStamp(random, today) });
  if (index % 5 !== 4) add('0', '1', 'E', `orders@supplier${AN8}.example`);
  if (index % 9 === 2) add('0', '2', 'I', `https://www.supplier${AN8}.example/`);
  if (index % 4 === 1) add('1', '1', 'E', `purchasing.${AN8}@supplier${AN8}.example`);
}

function masterRow({ AN8, index, place, random, today }: Entry): Row {
  const [TRAP] = index % 13 === 12 ? ['ZZZ'] : random.pick(paymentTerms);
  return {
    AN8,
    APC: random.pick(['TRAD', 'SERV', '']),
    KCOP: '00000',
    // Blank means the company's own currency.
    CRRP: index % 10 === 7 ? '' : place.currency,
    CRCA: place.currency,
    TXA2: place.taxArea,
    EXR2: place.taxArea === '' ? 'E' : 'V',
    HDPY: index % 45 === 21 ? 'Y' : 'N',
    TRAP,
    PYIN: random.pick(['T', 'C', '']),
    SNTO: '0',
    AYPD: `${random.between(0, 900_000)}.${random.digits(2)}`,
    HOLD: index % 60 === 28 ? 'Q1' : '',
    ...oldStamp(random, today),
  };
}
