export * from './agent-directory.ts';
export * from './certificates/index.ts';
export * from './enroll-token.ts';
export { enrollmentRefusals } from './enrollment.ts';
export * from './listen.ts';
export * from './memory-directory.ts';
export * from './stored-directory.ts';
export type { Gateway, GatewayEvent, SessionInfo } from './switchboard.ts';
