export { daysBefore, fakeJde, tunnelError, type FakeJde, type JdeTables } from './fake-jde.ts';
export { drain, openFake } from './open-fake.ts';
export { addOrder, orderTables, type SampleOrder } from './order-data.ts';
export { addSupplier, supplierTables, type SampleSupplier } from './supplier-data.ts';
