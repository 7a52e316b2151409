import { jdePresets } from '@ml-connector/shared';
import type { TableRules } from '../../policy/index.ts';
import type { SystemKind } from '../kind.ts';
import { jdeSubject } from './audit-subject.ts';
import { jdeChecks, type AllowedTables } from './checks/index.ts';
import { openJdeSystem, type JdeSystem } from './jde-system.ts';
import { jdeOperations } from './operations.ts';
import { jdePolicy, jdePolicySettings, jdeRole, type JdePolicy, type JdePolicySettings } from './policy/index.ts';
import type { JdeConnectionSettings } from './settings.ts';

/** JD Edwards EnterpriseOne through AIS; it is only read. */
export const jdeKind: SystemKind<JdeConnectionSettings, JdePolicySettings, JdePolicy, JdeSystem> = {
  type: 'jde',
  label: 'JD Edwards',
  policySettings: jdePolicySettings,
  presets: jdePresets,
  open: openJdeSystem,
  operations: jdeOperations,
  policy: jdePolicy,
  subject: jdeSubject,
  checks: ({ system, settings, policy, clock }) => jdeChecks({ system, settings, tables: namesOnly(policy.rules.tables), clock }),
  role: ({ name, settings: { user, environment, role }, policy }) =>
    jdeRole({ system: name, signOn: { user, environment, role }, rules: policy.rules }),
};

function namesOnly(tables: TableRules): AllowedTables {
  return new Map([...tables].map(([table, fields]) => [table, fields === '*' ? '*' : [...fields.keys()]]));
}
