import { isSystemError, type Clock, type DoctorFinding } from '@ml-connector/shared';

/** What a check found; `fix` is absent when nothing is to be done. */
export interface CheckResult {
  result: DoctorFinding['result'];
  detail: string;
  fix?: string | undefined;
}

export interface Check {
  /** Stable: `relay.tls`, `sap.logon:PRD`. */
  name: string;
  /** Checks that must not have failed; when one did, this one is skipped. */
  needs?: readonly string[] | undefined;
  run(): Promise<CheckResult>;
}

/** Runs all checks, each as soon as those it needs are through; the findings come in the order of the checks. */
export async function runChecks(checks: readonly Check[], clock: Clock): Promise<DoctorFinding[]> {
  const findings = new Map<string, Promise<DoctorFinding>>();
  for (const check of checks) {
    const needed = (check.needs ?? []).flatMap((name) => findings.get(name) ?? []);
    findings.set(check.name, runAfter({ check, needed, clock }));
  }
  return Promise.all(findings.values());
}

interface RunAfter {
  check: Check;
  needed: readonly Promise<DoctorFinding>[];
  clock: Clock;
}

async function runAfter({ check, needed, clock }: RunAfter): Promise<DoctorFinding> {
  const before = await Promise.all(needed);
  const missing = before.find(({ result }) => result === 'failed' || result === 'skipped');
  if (missing) return { check: check.name, result: 'skipped', detail: `needs ${missing.check}`, fix: '', ms: 0 };
  const started = clock.now();
  const { result, detail, fix = '' } = await check.run().catch(failure);
  return { check: check.name, result, detail, fix, ms: clock.now() - started };
}

function failure(error: unknown): CheckResult {
  if (isSystemError(error)) return { result: 'failed', detail: `${error.message} (${error.code})`, fix: error.fix };
  return { result: 'failed', detail: error instanceof Object && 'message' in error ? String(error.message) : String(error) };
}
