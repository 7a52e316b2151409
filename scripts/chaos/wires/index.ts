export { openHttpWire, type CannedAnswer, type HttpCall, type HttpWire } from './http-wire.ts';
export { openRfcWire, type RfcCall, type RfcWire } from './rfc-wire.ts';
export type { Held, HoldRequest, Phase } from './holds.ts';
