import { sapPresets } from '@ml-connector/shared';
import type { SystemKind } from '../kind.ts';
import { sapSubject } from './audit-subject.ts';
import { sapChecks } from './checks/index.ts';
import { sapOperations } from './operations.ts';
import { sapPolicy, sapPolicySettings, sapRole, type SapPolicy, type SapPolicySettings } from './policy/index.ts';
import { openSapSystem, type SapSystem } from './sap-system.ts';
import type { SapConnectionSettings } from './settings.ts';

/** SAP ECC over RFC. */
export const sapKind: SystemKind<SapConnectionSettings, SapPolicySettings, SapPolicy, SapSystem> = {
  type: 'sap-ecc',
  label: 'SAP',
  policySettings: sapPolicySettings,
  presets: sapPresets,
  open: openSapSystem,
  operations: sapOperations,
  policy: sapPolicy,
  subject: sapSubject,
  checks: ({ system, settings, policy, clock }) => sapChecks({ system, settings, rules: policy.rules, clock }),
  role: ({ name, settings, policy }) =>
    sapRole({ system: name, rules: policy.rules, reader: settings.readFunction === 'auto' ? undefined : settings.readFunction }),
};
