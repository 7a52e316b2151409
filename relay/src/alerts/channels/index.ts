export { isAllowed, type AddressPolicy } from '../../addresses/index.ts';
export * from './channel.ts';
export { signature } from './post.ts';
export * from './send.ts';
