import type { Clock, OperationName } from '@ml-connector/shared';
import type { CallHandler } from '@ml-connector/shared/tunnel';
import type { z } from 'zod';
import type { AuditSubject } from '../audit/index.ts';
import type { Check } from '../checks/index.ts';
import type { Units } from '../journal/index.ts';
import type { SystemPolicy } from '../policy/index.ts';
import type { AgentSystem, AgentSystemDeps } from './system.ts';

/** What the settings of every system have; the rest is known to its kind alone. */
export interface BaseSettings {
  type: AgentSystem['type'];
  /** Who logs on. */
  user?: string | undefined;
}

/**
 * A kind of system: all that the agent knows about it is in one folder, and joined here. `type` in agent.yaml chooses it. What is handed to
 * its methods is always of its own kind.
 */
export interface SystemKind<
  Settings extends BaseSettings = BaseSettings,
  Section extends object = object,
  Policy extends SystemPolicy = SystemPolicy,
  System extends AgentSystem = AgentSystem,
> {
  readonly type: System['type'];
  /** For people: `SAP`. */
  readonly label: string;
  /** Its section below `policy` in agent.yaml. */
  readonly policySettings: z.ZodType<Section>;
  /** What its presets allow, by name. */
  readonly presets: Readonly<Record<string, Needs>>;

  open(deps: AgentSystemDeps<Settings>): System;
  /** Handlers of its operations. The policy is asked before them. */
  operations(deps: OperationDeps<System>): { [Name in OperationName]?: CallHandler };
  /** Without a section all is closed but what every system of the kind needs. */
  policy(section: Section | undefined): Policy;
  /** What a checked request of one of its operations touches, without any value of it; undefined for other operations. */
  subject(operation: OperationName, request: unknown): AuditSubject | undefined;
  /** What the doctor looks at in one system. */
  checks(deps: CheckDeps<Settings, Policy, System>): Check[];
  /** What the user of the system needs there for what the policy allows. */
  role(deps: RoleDeps<Settings, Policy>): SystemRole;
}

/** What a flow needs, for `policy presets`. */
export interface Needs {
  functions?: readonly string[];
  writes?: readonly string[];
  tables: Readonly<Record<string, readonly string[]>>;
}

export interface OperationDeps<System> {
  /** Those of this kind, by name. */
  systems: ReadonlyMap<string, System>;
  /** Runs what writes, at most once each. */
  units: Units;
}

export interface CheckDeps<Settings, Policy, System> {
  system: System;
  settings: Settings;
  policy: Policy;
  clock: Clock;
}

export interface RoleDeps<Settings, Policy> {
  name: string;
  settings: Settings;
  policy: Policy;
}

export interface SystemRole {
  /** For scripts. */
  json: object;
  /** For people. */
  table: string;
  /** As table AGR_1251 holds a role; undefined where there is no SAP. */
  pfcg: string | undefined;
}
