import { silentLog, SystemError, systemClock } from '@ml-connector/shared';
import { openSapSession, sapEccSettings, type SapSession } from '../../../systems/sap-ecc/index.ts';
import { fakeSap, tunnelError } from '../../../systems/sap-ecc/testing/fake-sap.ts';
import { testScope } from '../../../systems/testing/index.ts';
import type { EarlierError, FlowKey } from '../../flow.ts';
import type { ArBody } from '../body.ts';
import { postArDocuments, type ArPost } from '../post.ts';
import { probeArDocuments } from '../probe.ts';

type Fault = 'lost before' | 'lost after' | 'period closed' | 'refused';
type Rows = Record<string, string>[];

/** A SAP in memory that posts and reverses without looking closely, and the record of one order. */
export class FiBench {
  readonly sap = fakeSap({
    BKPF: [],
    BSEG: [],
    TCURX: [{ CURRKEY: 'JPY', CURRDEC: '0' }],
    TCURC: ['EUR', 'JPY'].map((code) => ({ WAERS: code, ISOCD: code })),
    T005: [{ LAND1: 'DE', INTCA: 'DE' }],
    T001: [{ BUKRS: '1000', PERIV: 'K4', OPVAR: '' }],
    T009: [{ PERIV: 'K4', XKALE: 'X', XJABH: '' }],
    T001B: [],
  });
  readonly session: SapSession;
  readonly links = new Map<string, string>();
  /** Faults of the next units, used up one each; undefined: it works. */
  faults: (Fault | undefined)[] = [];
  /** What SAP makes of a reference. */
  substitute = (reference: string): string => reference;
  earlier: EarlierError[] = [];
  /** What the record is known as. */
  link: ArPost['link'];
  /** What BAPI_ACC_DOCUMENT_CHECK says of every document. */
  said: { TYPE: string; ID: string; NUMBER: string; MESSAGE: string }[] = [];
  settings: Record<string, unknown> = { companyCode: '1000' };
  #number = 1800000000;
  #attempt = 0;

  constructor() {
    const { sap } = this;
    const parameters: string[] = [];
    sap.functions.set('BAPI_ACC_DOCUMENT_POST', { parameters, run: (given) => this.#unit(() => this.#post(given)) });
    sap.functions.set('BAPI_ACC_DOCUMENT_CHECK', { parameters, run: () => ({ RETURN: this.said }) });
    sap.functions.set('BAPI_ACC_DOCUMENT_REV_POST', { parameters, run: (given) => this.#unit(() => this.#reverse(given)) });
    this.session = openSapSession({
      tenantId: 'acme',
      connectionId: 'prd',
      settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'PRD' }),
      clock: systemClock,
      log: silentLog,
      agents: sap.agents,
    });
    this.openPeriods('202601', '202612');
  }

  /** First and last open period, `YYYYMM`. */
  openPeriods(first: string, last: string): void {
    const interval = { FRYE1: first.slice(0, 4), FRPE1: `0${first.slice(4)}`, TOYE1: last.slice(0, 4), TOPE1: `0${last.slice(4)}` };
    this.sap.tables['T001B'] = ['+', 'D', 'S'].map((MKOAR) => ({
      RRCTY: '0',
      BUKRS: '1000',
      MKOAR,
      BKONT: '',
      ...interval,
      FRYE2: '',
      FRPE2: '',
      TOYE2: '',
      TOPE2: '',
    }));
  }

  input(body: ArBody): ArPost {
    return {
      record: { id: 'rec_1', key: '10452', label: body.name, attempt: ++this.#attempt },
      payload: undefined,
      body,
      link: this.link,
      settings: this.settings,
      source: undefined,
      target: this.session,
      scope: testScope(),
      ownerOf: () => Promise.resolve(undefined),
      linkOf: (of: string | FlowKey) => {
        const targetId = this.links.get(typeof of === 'string' ? of : of.key);
        return Promise.resolve(targetId === undefined ? undefined : { targetId, targetLabel: targetId });
      },
      earlierErrors: () => Promise.resolve(this.earlier),
      sentVersions: () => Promise.resolve([]),
      lastPosted: () => Promise.resolve(undefined),
    };
  }

  post(body: ArBody) {
    return postArDocuments(this.input(body));
  }

  probe(body: ArBody) {
    return probeArDocuments(this.input(body));
  }

  /** `1800000001 DR BC10452 119.00`, reversed ones with `reversed by 1800000002`. */
  documents(): string[] {
    return this.#rows('BKPF').map(({ BELNR = '', BLART = '', XBLNR = '', STBLG = '' }) => {
      const debits = this.#rows('BSEG').filter((row) => row['BELNR'] === BELNR && row['SHKZG'] === 'S');
      return [BELNR, BLART, XBLNR, debits.map(({ WRBTR }) => WRBTR).join('+'), ...(STBLG ? [`with ${STBLG}`] : [])].join(' ');
    });
  }

  /** Somebody reverses a document in SAP. */
  reverseByHand(documentNumber: string): void {
    this.#reverse({ REVERSAL: { OBJ_KEY_R: documentNumber, PSTNG_DATE: '20260630' } });
  }

  /** Somebody posts by hand. */
  keyIn(document: { reference: string; type: string; headerText: string; currency: string; debit: string }): void {
    const BELNR = String(++this.#number);
    this.#header({
      BELNR,
      BLART: document.type,
      XBLNR: document.reference,
      BKTXT: document.headerText,
      WAERS: document.currency,
      BUDAT: '20260601',
    });
    this.#rows('BSEG').push({ BUKRS: '1000', BELNR, GJAHR: '2026', BUZEI: '001', SHKZG: 'S', WRBTR: document.debit });
  }

  #rows(table: string): Rows {
    return (this.sap.tables[table] ??= []);
  }

  #unit(apply: () => Record<string, unknown>): Record<string, unknown> {
    const fault = this.faults.shift();
    const refusal = (ID: string, NUMBER: string, MESSAGE: string) => ({ RETURN: [{ TYPE: 'E', ID, NUMBER, MESSAGE }] });
    if (fault === 'period closed') return refusal('F5', '201', 'Period 005/2026 is not open for account type D');
    if (fault === 'refused') return refusal('F5', '102', 'Account 800000 is not in the chart');
    if (fault === 'lost before') throw tunnelError('TUNNEL_LOST', 'retry');
    const answer = apply();
    // Spoken by the agent's journal about this unit, so that it is not asked again.
    const unit = { unitId: this.sap.units.at(-1)?.unitId ?? '', ending: 'unknown', steps: [] };
    if (fault === 'lost after') throw new SystemError('SAP_UNIT_UNKNOWN', 'uncertain', 'the answer was lost', { facts: { unit } });
    return answer;
  }

  #post(given: Record<string, unknown>): Record<string, unknown> {
    const {
      COMP_CODE = '',
      DOC_TYPE = '',
      REF_DOC_NO = '',
      HEADER_TXT = '',
      PSTNG_DATE = '',
      DOC_DATE = '',
    } = given['DOCUMENTHEADER'] as Record<string, string>;
    const BELNR = String(++this.#number);
    const amounts = given['CURRENCYAMOUNT'] as Record<string, string>[];
    const sum = amounts.reduce((total, { AMT_DOCCUR = '0' }) => total + BigInt(AMT_DOCCUR.replace(/\.(\d\d).*$/, '$1')), 0n);
    if (sum !== 0n) throw new Error(`the document is off by ${sum}`);
    this.#header({
      BELNR,
      BLART: DOC_TYPE,
      XBLNR: this.substitute(REF_DOC_NO),
      BKTXT: HEADER_TXT,
      WAERS: amounts[0]?.['CURRENCY'] ?? '',
      BUDAT: PSTNG_DATE,
      BLDAT: DOC_DATE,
    });
    for (const [place, { AMT_DOCCUR = '0' }] of amounts.entries())
      this.#rows('BSEG').push({
        BUKRS: '1000',
        BELNR,
        GJAHR: '2026',
        BUZEI: String(place + 1).padStart(3, '0'),
        SHKZG: AMT_DOCCUR.startsWith('-') ? 'H' : 'S',
        WRBTR: AMT_DOCCUR.replace('-', '').replace(/(\.\d\d)\d*$/, '$1'),
      });
    return { OBJ_TYPE: 'BKPFF', OBJ_KEY: `${BELNR}${COMP_CODE}2026`, OBJ_SYS: 'PRDCLNT100', RETURN: [] };
  }

  #reverse(given: Record<string, unknown>): Record<string, unknown> {
    const { OBJ_KEY_R = '', PSTNG_DATE = '' } = given['REVERSAL'] as Record<string, string>;
    const original = this.#rows('BKPF').find((row) => row['BELNR'] === OBJ_KEY_R.slice(0, 10));
    if (!original) throw new Error(`nothing to reverse: ${OBJ_KEY_R}`);
    const BELNR = String(++this.#number);
    this.#header({ ...original, BELNR, BUDAT: PSTNG_DATE, STBLG: original['BELNR'] ?? '', STJAH: '2026' });
    original['STBLG'] = BELNR;
    original['STJAH'] = '2026';
    for (const row of this.#rows('BSEG').filter((one) => one['BELNR'] === original['BELNR']))
      this.#rows('BSEG').push({ ...row, BELNR, SHKZG: row['SHKZG'] === 'S' ? 'H' : 'S' });
    return { OBJ_TYPE: 'BKPFF', OBJ_KEY: `${BELNR}10002026`, OBJ_SYS: 'PRDCLNT100', RETURN: [] };
  }

  #header(row: Record<string, string>): void {
    const seconds = String(this.#number % 60).padStart(2, '0');
    const key = { BUKRS: '1000', GJAHR: '2026', BSTAT: '', CPUDT: '20260601', CPUTM: `1000${seconds}`, MONAT: '06', HWAER: 'EUR' };
    const rest = { STBLG: '', STJAH: '', AWTYP: 'BKPFF', AWKEY: `${row['BELNR']}10002026`, AWSYS: '' };
    this.#rows('BKPF').push({ ...key, BLDAT: row['BUDAT'] ?? '', ...rest, ...row });
  }
}
