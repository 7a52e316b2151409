// Made by `npm run proto` from proto/tunnel.proto. Do not edit.
/** Typed by proto/codec.ts. */
declare const root: unknown;
export default root;
