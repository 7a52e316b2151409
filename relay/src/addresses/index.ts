export { allowedAddress, guardedLookup, isAllowed, type AddressPolicy } from './addresses.ts';
