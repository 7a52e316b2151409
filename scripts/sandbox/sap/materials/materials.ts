/** Materials as somebody at the customer's works on them. Prices and stock leave no change document and no date of change. */
import { keyFieldsOf, type Row } from '../dictionary/index.ts';
import { changeRow, writeChangeDocument } from '../masters/index.ts';
import type { ChangeDocumentChoice, FieldChange } from '../masters/index.ts';
import type { SapSystemParts } from '../parts.ts';
import { storedAmount } from './prices.ts';

/** Rows of a material, without client. */
export interface MaterialRows {
  MARA: Row;
  MAKT: Row[];
  MARC: Row[];
  MARD: Row[];
  MBEW: Row[];
  MVKE: Row[];
}

export interface NewMaterial {
  /** Digits are filled up to 18. */
  MATNR: string;
  general?: Row;
  /** By language key: `{ E: 'Hammer', D: 'Hammer' }`. */
  descriptions: Record<string, string>;
  plants?: Row[];
  stock?: Row[];
  sales?: Row[];
}

export interface MaterialChange {
  /** MARA. Sets LAEDA and writes MATERIAL, as the rest of these. */
  general?: Row;
  /** One language of MAKT; a new one is added. */
  description?: { SPRAS: string; MAKTX: string };
  /** MARC, with WERKS. */
  plant?: Row;
  /** MVKE, with VKORG and VTWEG. */
  sales?: Row;
  changeDocument?: ChangeDocumentChoice;
}

export interface NewPrice {
  material: string;
  /** `A304` has a release status; default `A004`. */
  table?: 'A004' | 'A304';
  conditionType?: string;
  salesOrganisation: string;
  distributionChannel: string;
  /** In the currency's own decimals: JPY `1000`, KWD `1.234`. */
  amount: string;
  currency: string;
  /** Default 1. */
  per?: string;
  /** Default: the base unit. */
  unit?: string;
  /** Default: today to the end of time. A running price of the same key ends the day before. */
  from?: string;
  to?: string;
}

const dialogUser = 'MMUELLER';
const endOfTime = '99991231';

export class Materials {
  private readonly system: SapSystemParts;

  constructor(system: SapSystemParts) {
    this.system = system;
  }

  /** Material numbers in order. */
  list(): string[] {
    return this.system
      .stored('MARA')
      .all()
      .map((row) => row['MATNR'] as string);
  }

  /** Everything but prices; throws when there is no such material. */
  get(number: string): MaterialRows {
    const matnr = materialNumber(number);
    const general = this.system.stored('MARA').get([matnr]) ?? missing(matnr);
    const rows = (table: string): Row[] => this.system.stored(table).withPrefix([matnr]);
    return { MARA: general, MAKT: rows('MAKT'), MARC: rows('MARC'), MARD: rows('MARD'), MBEW: rows('MBEW'), MVKE: rows('MVKE') };
  }

  create({ MATNR, general = {}, descriptions, plants = [], stock = [], sales = [] }: NewMaterial): string {
    const { system } = this;
    const matnr = materialNumber(MATNR);
    const created = { ERSDA: system.localTime().date, ERNAM: dialogUser };
    system.stored('MARA').insert({ MTART: 'HAWA', MATKL: '00101', MEINS: 'ST', ...general, ...created, MATNR: matnr });
    for (const [SPRAS, MAKTX] of Object.entries(descriptions)) this.insertDescription(matnr, SPRAS, MAKTX);
    for (const row of plants) system.stored('MARC').insert({ ...row, MATNR: matnr });
    for (const row of stock) system.stored('MARD').insert({ ...row, MATNR: matnr });
    for (const row of sales) system.stored('MVKE').insert({ ...row, MATNR: matnr });
    this.document(matnr, 'MM01', 'I', [{ table: 'MARA', tableKey: system.identity.client + matnr, field: 'KEY', before: '', after: '' }]);
    return matnr;
  }

  /** Changes master data; fields that already have their value write nothing. Throws on what does not fit. */
  change(number: string, { general, description, plant, sales, changeDocument }: MaterialChange): void {
    const matnr = materialNumber(number);
    this.get(matnr);
    const changes = [
      ...(general ? changeRow(this.system, 'MARA', [matnr], general) : []),
      ...(description ? this.describe(matnr, description) : []),
      ...(plant ? changeRow(this.system, 'MARC', [matnr, plant['WERKS'] ?? ''], plant) : []),
      ...(sales ? changeRow(this.system, 'MVKE', [matnr, sales['VKORG'] ?? '', sales['VTWEG'] ?? ''], sales) : []),
    ];
    if (changes.length === 0) return;
    this.system.stored('MARA').update([matnr], { LAEDA: this.system.localTime().date, AENAM: dialogUser });
    if (changeDocument !== 'none') this.document(matnr, 'MM02', 'U', changes);
  }

  /** A goods movement: the quantity there is afterwards, with three decimals; the storage location is opened when it is new. */
  setStock(number: string, { plant, storageLocation, quantity }: { plant: string; storageLocation: string; quantity: string }): void {
    const key = [materialNumber(number), plant, storageLocation];
    const [MATNR = ''] = key;
    this.get(MATNR);
    const stock = this.system.stored('MARD');
    if (stock.get(key)) stock.update(key, { LABST: quantity });
    else stock.insert({ MATNR, WERKS: plant, LGORT: storageLocation, LABST: quantity });
  }

  /** Enters a condition record; answers its KNUMH. */
  setPrice(price: NewPrice): string {
    const { table = 'A004', conditionType: KSCHL = 'PR00', salesOrganisation: VKORG, distributionChannel: VTWEG, amount, currency } = price;
    const MATNR = materialNumber(price.material);
    const { per = '1', unit = this.get(MATNR).MARA['MEINS'] ?? '', from = this.system.localTime().date, to = endOfTime } = price;
    const KNUMH = this.system.nextNumber('KONDITION');
    this.endPrices(table, { KAPPL: 'V', KSCHL, VKORG, VTWEG, MATNR }, from);
    const KBETR = storedAmount(amount, currency, this.system.stored('TCURX'));
    const common = { KNUMH, KAPPL: 'V', KSCHL };
    this.system.stored(table).insert({ ...common, VKORG, VTWEG, MATNR, DATAB: from, DATBI: to });
    this.system.stored('KONP').insert({ ...common, KOPOS: '01', KRECH: 'C', KBETR, KONWA: currency, KPEIN: per, KMEIN: unit });
    return KNUMH;
  }

  /** Sets KONP-LOEVM_KO of a material's conditions. */
  deletePrices(number: string, table: 'A004' | 'A304' = 'A004'): void {
    const matnr = materialNumber(number);
    for (const { KNUMH = '', MATNR } of this.system.stored(table).all()) {
      if (MATNR === matnr) this.system.stored('KONP').update([KNUMH, '01'], { LOEVM_KO: 'X' });
    }
  }

  /** Records that run on the day end before it; those that would begin later go. */
  private endPrices(table: 'A004' | 'A304', price: Row, from: string): void {
    const stored = this.system.stored(table);
    const key = keyFieldsOf(stored.definition).map(({ name }) => name);
    const same = stored.all().filter((row) => Object.entries(price).every(([name, value]) => row[name] === value));
    for (const row of same.filter(({ DATBI = '' }) => DATBI >= from)) {
      stored.delete(key.map((name) => row[name] ?? ''));
      if ((row['DATAB'] ?? '') < from) stored.insert({ ...row, DATBI: dayBefore(from) });
    }
  }

  private describe(matnr: string, { SPRAS, MAKTX }: { SPRAS: string; MAKTX: string }): FieldChange[] {
    const changes = { MAKTX, MAKTG: MAKTX.toUpperCase().slice(0, 40) };
    if (this.system.stored('MAKT').get([matnr, SPRAS])) return changeRow(this.system, 'MAKT', [matnr, SPRAS], changes);
    this.insertDescription(matnr, SPRAS, MAKTX);
    return [{ table: 'MAKT', tableKey: this.system.identity.client + matnr + SPRAS, field: 'KEY', before: '', after: '' }];
  }

  private insertDescription(MATNR: string, SPRAS: string, MAKTX: string): void {
    this.system.stored('MAKT').insert({ MATNR, SPRAS, MAKTX, MAKTG: MAKTX.toUpperCase().slice(0, 40) });
  }

  private document(matnr: string, transaction: string, indicator: 'U' | 'I', changes: FieldChange[]): void {
    writeChangeDocument(this.system, { objectClass: 'MATERIAL', objectId: matnr, user: dialogUser, transaction, indicator, changes });
  }
}

/** Conversion exit MATN1: digits are filled up to 18. */
function materialNumber(number: string): string {
  return /^\d+$/.test(number) ? number.padStart(18, '0') : number;
}

function dayBefore(date: string): string {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)].map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, day - 1)).toISOString().slice(0, 10).replaceAll('-', '');
}

function missing(number: string): never {
  throw new Error(`there is no material ${number}`);
}
