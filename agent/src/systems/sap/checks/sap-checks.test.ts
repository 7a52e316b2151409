import { SystemError, systemClock, type FunctionParameter, type SapTableRead, type SapUnit } from '@ml-connector/shared';
import { runChecks } from '../../../checks/index.ts';
import { sapPolicy, sapPolicySettings } from '../policy/index.ts';
import type { SapSystem } from '../sap-system.ts';
import type { SdkInspection } from '../sdk.ts';
import { sapSystemConfig } from '../settings.ts';
import { sapChecks } from './sap-checks.ts';

const parameter = (name: string, optional: boolean): FunctionParameter => ({ name, direction: 'IMPORT', type: 'X', optional });
const interfaces: Record<string, { parameters: FunctionParameter[] }> = {
  BAPI_VENDOR_GETDETAIL: { parameters: [parameter('VENDORNO', false), parameter('COMPANYCODE', true)] },
  BAPI_VENDOR_GETLIST: { parameters: [parameter('MAXROWS', true)] },
  Z_ML_POST: { parameters: [] },
  BAPI_ACC_DOCUMENT_CHECK: { parameters: [parameter('DOCUMENTHEADER', false)] },
  BAPI_ACC_DOCUMENT_POST: { parameters: [parameter('DOCUMENTHEADER', false)] },
  BAPI_ACC_DOCUMENT_REV_POST: { parameters: [parameter('REVERSAL', false)] },
};
const sdk: SdkInspection = { home: '/opt/nwrfcsdk', lookedAt: [], files: [], architecture: 'x64', problem: undefined };

interface Behaviour {
  ping?: () => Promise<never>;
  unit?: (name: string, parameters: Record<string, unknown>) => object | undefined | void;
  read?: (table: string) => void;
  absent?: string[];
}

function fakeSystem({ ping, unit, read, absent = [] }: Behaviour) {
  const called: string[] = [];
  const system: SapSystem = {
    name: 'PRD',
    type: 'sap-ecc',
    ping: () =>
      ping?.() ??
      Promise.resolve({
        ms: 1,
        attributes: { sysId: 'PRD', client: '100', user: 'RFC_MLCONN', partnerHost: 'sapprd', partnerRel: '731' },
        openConnections: 1,
        connectionLimit: 4,
      }),
    describe: ({ functions }) =>
      Promise.resolve({
        functions: Object.fromEntries(functions.map((name) => [name, absent.includes(name) ? null : (interfaces[name] ?? null)])),
        tables: {},
      }),
    writingUnit: () => Promise.reject(new Error('the doctor writes nothing')),
    unit: ({ calls: [call] }: SapUnit) => {
      called.push(`${call?.function} ${JSON.stringify(call?.parameters)}`);
      return Promise.resolve({ results: [{ ...unit?.(call?.function ?? '', call?.parameters ?? {}) }] });
    },
    readTable: ({ table, maxRows }: SapTableRead) => {
      called.push(`${table} ${maxRows}`);
      read?.(table);
      return Promise.resolve({ rows: 1, reader: 'RFC_READ_TABLE', calls: 1 });
    },
    info: () => ({
      name: 'PRD',
      state: 'running',
      problem: undefined,
      details: {},
      sdk,
      sdkVersion: '7500.0.12',
      moduleVersion: '3.3.1',
      pid: 1,
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { system, called };
}

const vendorPolicy = { presets: ['sap-vendors-to-cin7-suppliers'], functions: ['Z_ML_POST'], tables: { ZML: ['KEY'] } };

async function examine(behaviour: Behaviour, policy: object = vendorPolicy) {
  const { system, called } = fakeSystem(behaviour);
  const settings = sapSystemConfig.parse({ type: 'sap-ecc', dest: 'PRD' });
  const rules = sapPolicy(sapPolicySettings.parse(policy)).rules;
  const findings = await runChecks(sapChecks({ system, settings, rules, clock: systemClock }), systemClock);
  return { found: Object.fromEntries(findings.map((finding) => [finding.check, finding])), called };
}

test('a system where everything is allowed is ok, and no function that may write was called', async () => {
  const { found, called } = await examine({});
  expect(Object.values(found).map(({ check, result }) => `${check} ${result}`)).toEqual([
    'sap.sdk:PRD ok',
    'sap.reach:PRD skipped',
    'sap.logon:PRD ok',
    'sap.functions:PRD ok',
    'sap.authority:PRD ok',
    'sap.tables:PRD ok',
  ]);
  expect(found['sap.logon:PRD']?.detail).toBe('PRD client 100 as RFC_MLCONN on sapprd, release 731');
  expect(found['sap.tables:PRD']?.detail).toMatch(/^12 tables readable with RFC_READ_TABLE/);
  expect(called).toContain('BAPI_VENDOR_GETDETAIL {"VENDORNO":""}');
  expect(called).toContain('BAPI_VENDOR_GETLIST {"MAXROWS":1}');
  expect(called.join()).not.toContain('Z_ML_POST');
  expect(found['sap.authority:PRD']?.detail).toContain('not tried, because a call could write or be large: Z_ML_POST');
});

test('a refused logon is one failure, and nothing behind it is tried', async () => {
  const refused = new SystemError('SAP_LOGON_REFUSED', 'halt', 'SAP refused the logon', { fix: 'ml-agent credentials set PRD' });
  const { found, called } = await examine({ ping: () => Promise.reject(refused) });
  expect(found['sap.logon:PRD']).toMatchObject({ result: 'failed', fix: 'ml-agent credentials set PRD' });
  expect(found['sap.tables:PRD']?.result).toBe('skipped');
  expect(called).toEqual([]);
});

test('missing authority is named per function and per table, all at once', async () => {
  const denied = (what: string) => new SystemError('SAP_NOT_AUTHORIZED', 'refused', `no authority for ${what}`, { fix: 'SU53 shows it.' });
  const { found } = await examine({
    unit: (name) => {
      if (name === 'BAPI_VENDOR_GETDETAIL') throw denied(name);
    },
    read: (table) => {
      if (table === 'LFB1' || table === 'SKB1') throw denied(table);
    },
  });
  expect(found['sap.authority:PRD']).toMatchObject({
    result: 'failed',
    detail: expect.stringContaining('no S_RFC for BAPI_VENDOR_GETDETAIL') as string,
  });
  expect(found['sap.tables:PRD']).toMatchObject({
    result: 'failed',
    detail: 'LFB1: no authority for LFB1; SKB1: no authority for SKB1',
    fix: 'SU53 shows it.',
  });
});

test('an answer of the application shows that the call was allowed', async () => {
  const { found } = await examine({
    unit: () => {
      throw new SystemError('SAP_EXCEPTION', 'refused', 'vendor does not exist');
    },
  });
  expect(found['sap.authority:PRD']?.result).toBe('ok');
});

test('a function module this system does not have is a warning that says whether it matters', async () => {
  const { found } = await examine({ absent: ['BAPI_VENDOR_GETLIST'] });
  expect(found['sap.functions:PRD']).toMatchObject({
    result: 'warning',
    fix: expect.stringContaining('stock ECC has no BAPI_VENDOR_GETLIST') as string,
  });
});

describe('where the policy lets documents be posted', () => {
  const posting = {
    presets: ['bigcommerce-orders-to-sap-ar'],
    parameters: [
      { function: 'BAPI_ACC_DOCUMENT_POST', parameter: 'DOCUMENTHEADER.COMP_CODE', allow: ['1000', '2000', '3*'] },
      { function: 'BAPI_ACC_DOCUMENT_POST', parameter: 'DOCUMENTHEADER.DOC_TYPE', allow: ['DR', ''] },
    ],
  };
  const denied = (number: string): object => ({ RETURN: [{ TYPE: 'E', ID: 'F5', NUMBER: number, MESSAGE: 'No authorization' }] });
  const headerOf = (parameters: Record<string, unknown>): Record<string, string> =>
    (parameters['DOCUMENTHEADER'] ?? {}) as Record<string, string>;

  test('the functions that refuse a call without data are called without any, and headers without items are checked', async () => {
    const { found, called } = await examine({}, posting);
    expect(called).toContain('BAPI_ACC_DOCUMENT_POST {}');
    expect(called).toContain('BAPI_ACC_DOCUMENT_REV_POST {}');
    expect(called.filter((one) => one.includes('COMP_CODE')).map((one) => one.replace(/"DOC_DATE.*/, ''))).toEqual([
      'BAPI_ACC_DOCUMENT_CHECK {"DOCUMENTHEADER":{"BUS_ACT":"RFBU","COMP_CODE":"1000","DOC_TYPE":"DR",',
      'BAPI_ACC_DOCUMENT_CHECK {"DOCUMENTHEADER":{"BUS_ACT":"RFBU","COMP_CODE":"2000","DOC_TYPE":"DR",',
    ]);
    expect(found['sap.objects:PRD']).toMatchObject({
      result: 'ok',
      detail: expect.stringMatching(/^SAP misses nothing for 1000 DR, 2000 DR; only a posting proves F_BKPF_KOA, /) as string,
    });
  });

  test.each([
    ['083', 'F_BKPF_BUK for company code 2000, document type DR'],
    ['087', 'F_BKPF_BLA for company code 2000, document type DR'],
  ])('message F5 %s of the check names what the role misses', async (number, missing) => {
    const unit = (_name: string, parameters: Record<string, unknown>) =>
      headerOf(parameters)['COMP_CODE'] === '2000' ? denied(number) : undefined;
    const { found } = await examine({ unit }, posting);
    expect(found['sap.objects:PRD']).toMatchObject({
      result: 'failed',
      detail: expect.stringContaining(`missing: ${missing};`) as string,
      fix: expect.stringContaining('policy role --system PRD') as string,
    });
  });

  test('a function that may not be called is named, and no header is checked with it', async () => {
    const unit = (name: string): void => {
      if (name === 'BAPI_ACC_DOCUMENT_CHECK') throw new SystemError('SAP_NOT_AUTHORIZED', 'refused', 'no RFC authority');
    };
    const { found } = await examine({ unit }, posting);
    expect(found['sap.authority:PRD']).toMatchObject({
      result: 'failed',
      detail: expect.stringContaining('no S_RFC for BAPI_ACC_DOCUMENT_CHECK') as string,
    });
    expect(found['sap.objects:PRD']?.result).toBe('skipped');
  });

  test('without company codes in the rules nothing is tried, and that is said', async () => {
    const { found, called } = await examine({}, { presets: posting.presets });
    expect(called.join()).not.toContain('COMP_CODE');
    expect(found['sap.objects:PRD']?.detail).toContain('no company codes are named');
  });
});
