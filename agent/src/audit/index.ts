export { openAuditLog, type AuditDeps, type AuditLog } from './audit-log.ts';
export { subjectOf, type AuditEntry } from './entry.ts';
export { auditSettings, type AuditSettings } from './settings.ts';
