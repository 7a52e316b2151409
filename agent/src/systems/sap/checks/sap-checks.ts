import { sapBaseNeeds, type Clock, type SapTableRead } from '@ml-connector/shared';
import { openTcp, resolveName, type Check, type CheckResult } from '../../../checks/index.ts';
import type { SapRules } from '../policy/index.ts';
import type { SapSystem } from '../sap-system.ts';
import type { SapConnectionSettings } from '../settings.ts';
import { callAuthority } from './call-authority.ts';
import { objectAuthority } from './object-authority.ts';
import { firstHop } from './first-hop.ts';

export interface SapCheckDeps {
  system: SapSystem;
  settings: SapConnectionSettings;
  rules: SapRules;
  clock: Clock;
}

const logonMs = 90_000;
const readMs = 60_000;

/**
 * One SAP system: SDK, network, logon, and whether the user may do what the policy allows. All through the system's own pool, and so
 * behind its logon guard: a refused password is not tried again by a doctor run.
 */
export function sapChecks(deps: SapCheckDeps): Check[] {
  const { system, rules, clock } = deps;
  const named = (name: string): string => `sap.${name}:${system.name}`;
  const call = (ms: number) => ({ deadline: clock.now() + ms, signal: AbortSignal.timeout(ms) });
  return [
    { name: named('sdk'), run: () => Promise.resolve(inspectSdkOf(system)) },
    { name: named('reach'), run: () => reach(deps.settings) },
    {
      name: named('logon'),
      needs: [named('sdk')],
      run: async () => {
        const { attributes } = await system.ping(call(logonMs));
        const { sysId, client, user, partnerHost, partnerRel } = attributes;
        return { result: 'ok', detail: `${sysId} client ${client} as ${user} on ${partnerHost}, release ${partnerRel}` };
      },
    },
    { name: named('functions'), needs: [named('logon')], run: () => inspectFunctions(deps) },
    {
      name: named('authority'),
      needs: [named('logon')],
      run: () => callAuthority({ system, functions: listedFunctions(rules), call: () => call(readMs) }),
    },
    ...(rules.functions.has('BAPI_ACC_DOCUMENT_CHECK')
      ? [
          {
            name: named('objects'),
            needs: [named('authority')],
            run: () => objectAuthority({ system, rules, clock, call: () => call(readMs) }),
          },
        ]
      : []),
    { name: named('tables'), needs: [named('logon')], run: () => readTables(deps, () => call(readMs)) },
  ];
}

function inspectSdkOf(system: SapSystem): CheckResult {
  const { sdk, sdkVersion } = system.info();
  if (sdk.problem) return { result: 'failed', detail: sdk.problem.message, fix: sdk.problem.fix };
  return { result: 'ok', detail: `${sdk.home}${sdkVersion ? `, version ${sdkVersion}` : ''}` };
}

async function reach(settings: SapConnectionSettings): Promise<CheckResult> {
  const target = firstHop(settings);
  if (!target) return { result: 'skipped', detail: 'the address is in sapnwrfc.ini or a services file' };
  const name = await resolveName(target.host);
  return name.result === 'ok' ? openTcp(target) : name;
}

function listedFunctions({ functions }: SapRules): string[] {
  return [...functions.keys()].filter((name) => !sapBaseNeeds.functions.includes(name));
}

async function inspectFunctions({ system, rules, clock }: SapCheckDeps): Promise<CheckResult> {
  const names = listedFunctions(rules);
  if (names.length === 0) return { result: 'ok', detail: 'the policy lists none' };
  const { functions } = await system.describe(
    { system: system.name, functions: names, tables: [] },
    { deadline: clock.now() + readMs, signal: AbortSignal.timeout(readMs) },
  );
  const absent = names.filter((name) => !functions[name]);
  if (absent.length === 0) return { result: 'ok', detail: `present: ${names.join(', ')}` };
  const fromPreset = absent.every((name) => rules.functions.get(name)?.startsWith('preset'));
  return {
    result: 'warning',
    detail: `this system has no ${absent.join(', ')}`,
    fix: fromPreset
      ? 'Nothing, when the flow reads tables instead (source: auto or tables); stock ECC has no BAPI_VENDOR_GETLIST.'
      : 'Correct the names in agent.yaml, or have the modules created and remote-enabled (SE37).',
  };
}

/** One row of each table with the fields the policy names: S_RFC of the reader, S_TABU of the table, existence of every field. */
async function readTables({ system, rules }: SapCheckDeps, call: () => { deadline: number; signal: AbortSignal }): Promise<CheckResult> {
  const tables = [...rules.tables.keys()].filter((table) => !(table in sapBaseNeeds.tables));
  const troubles: string[] = [];
  const fixes = new Set<string>();
  let reader = '';
  for (const table of tables) {
    try {
      const request: SapTableRead = {
        system: system.name,
        table,
        fields: await fieldsOf({ system, rules, table, call }),
        where: [],
        maxRows: 1,
      };
      reader = (await system.readTable(request, { ...call(), send: () => Promise.resolve() })).reader;
    } catch (error) {
      const { message, fix = '', verdict } = error as { message: string; fix?: string; verdict?: string };
      if (verdict === 'halt') throw error;
      troubles.push(`${table}: ${message}`);
      if (fix) fixes.add(fix);
    }
  }
  if (troubles.length > 0) return { result: 'failed', detail: troubles.join('; '), fix: [...fixes].join(' ') };
  if (tables.length === 0) return { result: 'ok', detail: 'the policy lists none' };
  return { result: 'ok', detail: `${tables.length} tables readable with ${reader}: ${tables.join(', ')}` };
}

interface FieldsOf {
  system: SapSystem;
  rules: SapRules;
  table: string;
  call: () => { deadline: number; signal: AbortSignal };
}

async function fieldsOf({ system, rules, table, call }: FieldsOf): Promise<string[]> {
  const listed = rules.tables.get(table);
  if (listed && listed !== '*') return [...listed.keys()];
  const { tables } = await system.describe({ system: system.name, functions: [], tables: [table] }, call());
  const keys = (tables[table]?.fields ?? []).filter(({ isKey, dataType }) => isKey && dataType !== 'CLNT').map(({ name }) => name);
  return keys.length > 0 ? keys : ['MANDT'];
}
