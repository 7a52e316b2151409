export { customerLock, Customers, type CustomerChange, type CustomerRows, type NewCustomer } from './customers.ts';
