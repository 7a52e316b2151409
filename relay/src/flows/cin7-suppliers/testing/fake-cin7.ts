import { SystemError } from '@ml-connector/shared';
import type { Cin7Session, Cin7Supplier, Cin7SupplierBody } from '../../../systems/cin7-core/index.ts';

export interface FakeCin7 {
  session: Cin7Session;
  suppliers: Map<string, Cin7Supplier>;
  /** `create Acme`, `update s1`, `find Acme`. */
  calls: string[];
  /** Called before a call takes effect; throws to fail it, waits to let others pass. */
  before: (call: string) => Promise<void> | void;
  /** Called after a call took effect; throws to lose the answer. */
  after: (call: string) => void;
}

/** Suppliers in memory, names unique whatever their case, as Cin7 Core keeps them. */
export function fakeCin7(existing: Partial<Cin7Supplier>[] = []): FakeCin7 {
  const suppliers = new Map<string, Cin7Supplier>();
  const add = (fields: Partial<Cin7Supplier>): Cin7Supplier => {
    const ID = `s${suppliers.size + 1}`;
    const supplier = { ...emptyBody, ...fields, ID, LastModifiedOn: '2024-01-31T10:15:00Z' };
    suppliers.set(ID, supplier);
    return supplier;
  };
  for (const one of existing) add(one);

  const cin7: FakeCin7 = { session: undefined as never, suppliers, calls: [], before: () => undefined, after: () => undefined };
  const doing = async <Result>(call: string, work: () => Result): Promise<Result> => {
    cin7.calls.push(call);
    await cin7.before(call);
    const result = work();
    cin7.after(call);
    return result;
  };
  const assertUnique = (name: string, own?: string): void => {
    const taken = [...suppliers.values()].some(({ ID, Name }) => ID !== own && Name.toLowerCase() === name.toLowerCase());
    if (taken) throw new SystemError('CIN7_NAME_TAKEN', 'refused', `supplier ${name}: the name must be unique`);
  };
  const none = () => Promise.resolve([]);
  cin7.session = {
    me: () => Promise.resolve({ Company: 'Nordhafen', Currency: 'EUR', LockDate: null }),
    paymentTerms: none,
    taxRules: none,
    accounts: none,
    attributeSets: none,
    suppliers: {
      get: (id) => doing(`get ${id}`, () => suppliers.get(id)),
      findByName: (name) =>
        doing(`find ${name}`, () => [...suppliers.values()].filter(({ Name }) => Name.toLowerCase() === name.toLowerCase())),
      create: (body) =>
        doing(`create ${body.Name}`, () => {
          assertUnique(body.Name);
          return add(body);
        }),
      update: (id, body) =>
        doing(`update ${id}`, () => {
          const current = suppliers.get(id);
          if (!current) throw new SystemError('CIN7_SUPPLIER_GONE', 'refused', `no supplier ${id}`);
          assertUnique(body.Name, id);
          const supplier = { ...current, ...body };
          suppliers.set(id, supplier);
          const changed = Object.keys(body).filter(
            (field) => JSON.stringify(body[field as keyof Cin7SupplierBody]) !== JSON.stringify(current[field as keyof Cin7Supplier]),
          );
          return { supplier, changed };
        }),
    },
  };
  return cin7;
}

const emptyBody: Cin7SupplierBody = {
  Name: '',
  Currency: 'EUR',
  PaymentTerm: '30 days',
  AccountPayable: '800',
  TaxRule: 'Tax on Purchases',
  Status: 'Active',
  Addresses: [],
  Contacts: [],
};
