export * from './anchor-file.ts';
export { relayTrail, type AnchorExport } from './anchor.ts';
export * from './faults.ts';
export { makeAnchor, type AnchorDeps } from './make-anchor.ts';
export * from './verify.ts';
export * from './checks.ts';
export * from './retention-settings.ts';
export { applyRetention } from './retention.ts';
export { auditRound, runAudit, type AuditDeps } from './run-audit.ts';
