import { fold, text, toAddress, toContact, type Row } from './rows.ts';
import type { Cin7Address, Cin7Contact, Cin7Supplier, Cin7SupplierBody } from './types.ts';

export interface SupplierChanges {
  /** Body of the PUT, without ID. Lists are given whole, with the IDs of the entries that exist, so that nothing is doubled or dropped. */
  put: Row;
  /** `PaymentTerm`, `Addresses[Business].City`, `Contacts[Einkauf]` for one that is added. */
  changed: string[];
}

/** References and enumerations are compared whatever their case, all else as written; line ends and outer blanks never count. */
const comparedByWord = ['Currency', 'PaymentTerm', 'AccountPayable', 'TaxRule', 'Status', 'AttributeSet'] as const;
const comparedAsWritten = ['Name', 'Comments', 'TaxNumber', 'AdditionalAttribute1'] as const;
const alwaysSent = ['Name', 'Currency', 'PaymentTerm', 'AccountPayable', 'TaxRule', 'Status'] as const;
const addressFields = ['Line1', 'Line2', 'City', 'State', 'Postcode', 'Country', 'DefaultForType'] as const;
const contactFields = ['Name', 'Phone', 'MobilePhone', 'Fax', 'Email', 'Default'] as const;

/** What a PUT must say to bring a supplier to the body; `changed` is empty when it is there already. */
export function supplierChanges(current: Cin7Supplier, currentRow: Row, body: Cin7SupplierBody): SupplierChanges {
  const scalars = [
    ...comparedByWord.filter((field) => body[field] !== undefined && fold(body[field]) !== fold(current[field] ?? '')),
    ...comparedAsWritten.filter((field) => body[field] !== undefined && plain(body[field]) !== plain(current[field])),
  ];
  const addresses = addressChanges(entriesOf(currentRow, 'Addresses', toAddress), body.Addresses);
  const contacts = contactChanges(entriesOf(currentRow, 'Contacts', toContact), body.Contacts);
  const changed = [...scalars, ...addresses.changed, ...contacts.changed];
  const put: Row = Object.fromEntries([...alwaysSent, ...scalars].map((field) => [field, body[field]]));
  if (addresses.changed.length > 0) put['Addresses'] = addresses.entries;
  if (contacts.changed.length > 0) put['Contacts'] = contacts.entries;
  return { put, changed };
}

/** Entry of the supplier: regular for comparing, raw for sending back fields we know nothing of. */
interface Entry<Kind> {
  value: Kind & { ID: string };
  row: Row;
}

interface ListChanges {
  entries: Row[];
  changed: string[];
}

function addressChanges(existing: Entry<Cin7Address>[], wanted: Cin7Address[]): ListChanges {
  const isSame = (one: Cin7Address, other: Cin7Address): boolean => one.Type === other.Type && fold(one.Line1) === fold(other.Line1);
  // A vendor who moved: what was the default address of this type is that address still, with another street.
  const hasMoved = (one: Cin7Address, other: Cin7Address): boolean => one.Type === other.Type && one.DefaultForType && other.DefaultForType;
  return listChanges({
    list: 'Addresses',
    existing,
    // The whole address is the source's: what it leaves out is empty.
    wanted: wanted.map((address) => ({ Line2: '', City: '', State: '', Postcode: '', ...address })),
    matches: [isSame, hasMoved],
    fields: addressFields,
    label: ({ Type }) => Type,
    defaultField: 'DefaultForType',
    sharesDefault: (one, other) => one.Type === other.Type,
  });
}

function contactChanges(existing: Entry<Cin7Contact>[], wanted: Cin7Contact[]): ListChanges {
  const hasSameEmail = (one: Cin7Contact, other: Cin7Contact): boolean => fold(one.Email ?? '') === fold(other.Email ?? '') && !!one.Email;
  const hasSameName = (one: Cin7Contact, other: Cin7Contact): boolean => fold(one.Name) === fold(other.Name);
  const hasSamePhone = (one: Cin7Contact, other: Cin7Contact): boolean => fold(one.Phone ?? '') === fold(other.Phone ?? '') && !!one.Phone;
  return listChanges({
    list: 'Contacts',
    existing,
    wanted,
    matches: [hasSameName, hasSameEmail, hasSamePhone],
    fields: contactFields,
    label: ({ Name }) => Name,
    defaultField: 'Default',
    sharesDefault: () => true,
  });
}

interface ListPlan<Kind> {
  list: 'Addresses' | 'Contacts';
  existing: Entry<Kind>[];
  wanted: Kind[];
  /** Tried one after the other, the surest first; an entry is matched once. An ID in the wanted entry goes before all. */
  matches: ((one: Kind, other: Kind) => boolean)[];
  fields: readonly (keyof Kind & string)[];
  label: (one: Kind) => string;
  defaultField: keyof Kind & string;
  /** Of such entries only one is the default. */
  sharesDefault: (one: Kind, other: Kind) => boolean;
}

function listChanges<Kind extends { ID?: string }>(plan: ListPlan<Kind>): ListChanges {
  const { list, existing, wanted, fields, label, defaultField, sharesDefault } = plan;
  const matched = matchEntries(plan);
  const changed: string[] = [];
  const added: Row[] = [];
  const rows = new Map(existing.map(({ value, row }) => [value.ID, withoutOwner(row)]));

  for (const one of wanted) {
    const entry = matched.get(one);
    if (!entry) {
      changed.push(`${list}[${label(one)}]`);
      added.push({ ...one });
      continue;
    }
    const different = fields.filter((field) => one[field] !== undefined && plain(one[field]) !== plain(entry.value[field]));
    changed.push(...different.map((field) => `${list}[${label(one)}].${field}`));
    rows.set(entry.value.ID, { ...withoutOwner(entry.row), ...definedFields(one), ID: entry.row['ID'] });
  }
  const taken = new Set([...matched.values()].map(({ value }) => value.ID));
  for (const { value, row } of existing) {
    const isReplaced = wanted.some((one) => one[defaultField] === true && sharesDefault(one, value));
    if (taken.has(value.ID) || value[defaultField] !== true || !isReplaced) continue;
    changed.push(`${list}[${label(value)}].${defaultField}`);
    rows.set(value.ID, { ...withoutOwner(row), [defaultField]: false });
  }
  return { changed, entries: [...rows.values(), ...added] };
}

function matchEntries<Kind extends { ID?: string }>({ existing, wanted, matches }: ListPlan<Kind>): Map<Kind, Entry<Kind>> {
  const matched = new Map<Kind, Entry<Kind>>();
  const free = new Set(existing);
  const byId = (one: Kind, other: Kind): boolean => one.ID !== undefined && fold(one.ID) === fold(other.ID ?? '');
  for (const isMatch of [byId, ...matches]) {
    for (const one of wanted) {
      if (matched.has(one)) continue;
      const entry = [...free].find(({ value }) => isMatch(one, value));
      if (!entry) continue;
      matched.set(one, entry);
      free.delete(entry);
    }
  }
  return matched;
}

function entriesOf<Kind>(row: Row, list: string, read: (entry: Row) => Kind & { ID: string }): Entry<Kind>[] {
  const entries = row[list];
  return Array.isArray(entries) ? (entries as Row[]).map((entry) => ({ value: read(entry), row: entry })) : [];
}

/** `SupplierID` is only in answers. */
function withoutOwner(row: Row): Row {
  const { SupplierID: _owner, ...rest } = row;
  return rest;
}

function definedFields(one: object): Row {
  return Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined));
}

function plain(value: unknown): string {
  return text(value).normalize('NFC').replaceAll('\r\n', '\n').trim();
}
