import { z } from 'zod';
import { lastCheck } from '../../audit/index.ts';
import type { Finding } from '../finding.ts';
import { defineRule } from './rule.ts';

/** The last verification found that the audit trail is not as it was written. */
export const audit = defineRule({
  id: 'audit',
  title: 'The audit trail is damaged',
  settings: z.strictObject({}),
  async find({ store, tenantId }) {
    const check = await lastCheck({ store }, tenantId);
    if (!check || (check.state !== 'damaged' && check.state !== 'failed')) return [];
    const { report, problem, startedAt } = check;
    const [first] = report?.faults ?? [];
    const finding: Finding = {
      cause: check.state,
      severity: 'critical',
      title: report
        ? `the audit trail is not as it was written: ${report.faultCount} faults`
        : `the audit trail could not be verified: ${problem ?? ''}`,
      since: startedAt,
      count: null,
      example: first ? `${first.subjectId ?? 'anchor'} ${first.seq}, ${first.day}: ${first.fault}, ${first.detail}` : null,
      fix: 'Run ml-relay verify-audit, find out who could write to the database, and compare with a backup and the anchors kept outside.',
      link: '/audit',
    };
    return [finding];
  },
});
