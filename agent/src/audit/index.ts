export { openAuditLog, type AuditDeps, type AuditLog } from './audit-log.ts';
export { unitOf, type AuditEntry, type AuditSubject } from './entry.ts';
export { auditSettings, type AuditSettings } from './settings.ts';
