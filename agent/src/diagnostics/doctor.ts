import type { Clock, DoctorAnswer, DoctorRequest } from '@ml-connector/shared';
import type { AgentSettings } from '../config/index.ts';
import type { UnitsStatus } from '../journal/index.ts';
import type { Policy } from '../policy/index.ts';
import { kindOf, type AgentSystem } from '../systems/index.ts';
import { runChecks, type Check, type CheckResult } from '../checks/index.ts';
import { journalCheck } from './journal-check.ts';
import { dataDirCheck } from './machine-checks.ts';
import { relayChecks, type RelayPlace } from './relay-checks.ts';

export interface DoctorDeps {
  configFile: string;
  settings: AgentSettings;
  dataDir: string;
  /** undefined before the enrolment. */
  relay: RelayPlace | undefined;
  /** Whether the relay takes this agent: told by the running tunnel, or tried. */
  enrolment: () => Promise<CheckResult>;
  /** Units of the running agent. */
  units?: (() => UnitsStatus) | undefined;
  systems: ReadonlyMap<string, AgentSystem>;
  policy: () => Policy;
  clock: Clock;
}

/** Looks at everything between this machine, the relay and the systems; each finding says what to do. Changes nothing anywhere. */
export async function runDoctor(deps: DoctorDeps, request: DoctorRequest = {}): Promise<DoctorAnswer> {
  return { findings: await runChecks(checksOf(deps, request), deps.clock) };
}

function checksOf(
  { configFile, settings, dataDir, relay, enrolment, units, systems, policy, clock }: DoctorDeps,
  request: DoctorRequest,
): Check[] {
  const wanted = [...systems.values()].filter(({ name }) => request.systems?.includes(name) ?? true);
  const config = (): CheckResult => describeConfig(configFile, settings);
  return [
    { name: 'config', run: () => Promise.resolve(config()) },
    dataDirCheck(dataDir),
    journalCheck({ dataDir, clock, units: units?.() }),
    ...(relay ? relayChecks({ relay, clock }) : []),
    { name: 'enrolment', needs: relay ? ['relay.grpc'] : [], run: enrolment },
    ...wanted.flatMap((system) => systemChecks({ system, settings, policy: policy(), clock })),
  ];
}

function systemChecks({ system, settings, policy, clock }: SystemChecks): Check[] {
  const own = settings.systems[system.name];
  if (!own) return [];
  const kind = kindOf(own.type);
  // Where agent.yaml meanwhile names another type, its rules are not for the system that runs.
  const rules = policy.of(system.name);
  return kind.checks({ system, settings: own, policy: rules?.type === kind.type ? rules : kind.policy(undefined), clock });
}

interface SystemChecks {
  system: AgentSystem;
  settings: AgentSettings;
  policy: Policy;
  clock: Clock;
}

function describeConfig(file: string, { systems, policy }: AgentSettings): CheckResult {
  const names = Object.keys(systems);
  if (names.length === 0)
    return { result: 'warning', detail: `${file} names no system`, fix: 'Add a system under systems; agent.example.yaml shows how.' };
  const closed = names.filter((name) => !policy[name]);
  if (closed.length > 0)
    return {
      result: 'warning',
      detail: `${file}: ${closed.join(', ')} has no policy, so the relay may do nothing there`,
      fix: 'Add it under policy, for instance with a preset: `ml-agent policy presets`.',
    };
  return { result: 'ok', detail: `${file}: ${names.join(', ')}` };
}
