export { openAuditLog, type AuditDeps, type AuditLog } from './audit-log.ts';
export { subjectOf, unitOf, type AuditEntry } from './entry.ts';
export { auditSettings, type AuditSettings } from './settings.ts';
