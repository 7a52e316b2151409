import { silentLog, SystemError, systemClock } from '@ml-connector/shared';
import { openSapSession, sapEccSettings, type SapSession } from '../../../systems/sap-ecc/index.ts';
import { fakeSap, tunnelError } from '../../../systems/sap-ecc/testing/fake-sap.ts';
import { testScope } from '../../../systems/testing/index.ts';
import type { Customer } from '../../../systems/bigcommerce/index.ts';
import type { CustomerPost } from '../candidates.ts';
import { postCustomer } from '../post.ts';
import { probeCustomer } from '../probe.ts';
import { tryOutCustomer } from '../try-out.ts';
import { bodyOf, usualSettings } from './samples.ts';

/** `unseen`: nobody answers, and nothing shows of it yet. */
type Fault = 'lost before' | 'lost after' | 'unseen' | 'refused';
type Row = Record<string, string>;

const area = { VKORG: '1000', VTWEG: '30', SPART: '00' };

/** Customers of a SAP in memory, and records of a store's customers with the links that the ledger would have. */
export class CustomerBench {
  readonly sap = fakeSap({ KNA1: [], KNB1: [], KNVV: [], ADRC: [], ADR6: [] });
  session: SapSession;
  /** What the ledger knows, by record key. */
  readonly links = new Map<string, string>();
  /** Faults of the next units, used up one each; undefined: it works. */
  faults: (Fault | undefined)[] = [];
  settings: Record<string, unknown> = usualSettings;
  /** What SAP makes of an e-mail address. */
  keepEmail = (email: string): string => email;
  #number = 100_000;

  constructor() {
    const { sap } = this;
    sap.now = { date: '20260601', time: '101500' };
    const parameters: string[] = [];
    sap.functions.set('BAPI_CUSTOMER_CREATEFROMDATA1', { parameters, run: (given) => this.#unit(() => this.#create(given)) });
    sap.functions.set('BAPI_CUSTOMER_CHANGEFROMDATA1', { parameters, run: (given) => this.#unit(() => this.#change(given)) });
    this.session = this.open();
  }

  /** A session that knows nothing of what happened before: that of a relay that was started again. */
  open(): SapSession {
    this.session = openSapSession({
      tenantId: 'acme',
      connectionId: 'prd',
      settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'PRD' }),
      clock: systemClock,
      log: silentLog,
      agents: this.sap.agents,
    });
    return this.session;
  }

  input(one: Customer, { attempt = 1, vatNumber = '' } = {}): CustomerPost {
    const key = String(one.id);
    const link = this.links.get(key);
    return {
      record: { id: `rec_${key}`, key, label: key, attempt },
      payload: undefined as never,
      body: { ...bodyOf(one, this.settings), vatNumber },
      link: link === undefined ? undefined : { targetId: link, targetHash: null },
      settings: this.settings,
      source: undefined,
      target: this.session,
      scope: testScope(),
      ownerOf: (targetId) => Promise.resolve([...this.links].find(([, id]) => id === targetId)?.[0]),
      linkOf: (of) => {
        const targetId = this.links.get(typeof of === 'string' ? of : of.key);
        return Promise.resolve(targetId === undefined ? undefined : { targetId, targetLabel: targetId });
      },
      earlierErrors: () => Promise.resolve([]),
      sentVersions: () => Promise.resolve([]),
      lastPosted: () => Promise.resolve(undefined),
    };
  }

  post(one: Customer, more: { attempt?: number; vatNumber?: string } = {}) {
    return postCustomer(this.input(one, more));
  }

  /** As the engine does: the link is on disk when the post has ended. */
  async postAndSettle(one: Customer, more: { attempt?: number } = {}) {
    const result = await this.post(one, more);
    if (result.action !== 'waiting') this.links.set(String(one.id), result.targetId);
    return result;
  }

  probe(one: Customer, more: { vatNumber?: string } = {}) {
    return probeCustomer(this.input(one, more));
  }

  tryOut(one: Customer) {
    return tryOutCustomer(this.input(one));
  }

  /** `0000100001 Größl, Jürgen, 40212 Düsseldorf, J.Groessl@example.org`. */
  customers(): string[] {
    return this.#rows('KNA1').map(({ KUNNR = '', ADRNR = '' }) => {
      const place = this.#rows('ADRC').find((row) => row['ADDRNUMBER'] === ADRNR) ?? {};
      const email = this.#rows('ADR6').find((row) => row['ADDRNUMBER'] === ADRNR)?.['SMTP_ADDR'] ?? '';
      const names = [place['NAME1'], place['NAME2']].filter(Boolean).join(', ');
      return [`${KUNNR} ${names}`, `${place['POST_CODE1']} ${place['CITY1']}`, email].join(', ');
    });
  }

  /** Somebody creates a customer by hand; answers its number. */
  keyIn(general: Row, { email = '', ...address }: Row & { email?: string } = {}): string {
    const KUNNR = String(++this.#number).padStart(10, '0');
    const ADRNR = `A${this.#number}`;
    const empty = Object.fromEntries(
      'LAND1 NAME1 NAME2 NAME3 NAME4 ORT01 ORT02 PSTLZ REGIO SORTL STRAS TELF1 XCPDK ANRED AUFSD KONZS KTOKD LOEVM SPERR SPRAS STCD1 STCEG STKZN'
        .split(' ')
        .map((name) => [name, '']),
    );
    this.#rows('KNA1').push({ ...empty, ERDAT: '20240101', ERNAM: 'MMUELLER', ...general, KUNNR, ADRNR });
    this.#rows('KNVV').push({ KUNNR, ...area, LOEVM: '', WAERS: 'EUR' });
    const places = Object.fromEntries(
      'NAME1 NAME2 NAME3 NAME4 CITY1 CITY2 POST_CODE1 PO_BOX STREET HOUSE_NUM1 COUNTRY REGION SORT1 TEL_NUMBER FAX_NUMBER'
        .split(' ')
        .map((name) => [name, '']),
    );
    this.#rows('ADRC').push({ ...places, ...address, ADDRNUMBER: ADRNR, DATE_FROM: '00010101', NATION: '' });
    if (email !== '') this.#setEmail(ADRNR, email);
    return KUNNR;
  }

  rowOf(table: 'KNA1' | 'ADRC', number: string): Row {
    const general = this.#rows('KNA1').find(({ KUNNR }) => KUNNR === number) ?? {};
    return table === 'KNA1' ? general : (this.#rows('ADRC').find((row) => row['ADDRNUMBER'] === general['ADRNR']) ?? {});
  }

  #rows(table: string): Row[] {
    return (this.sap.tables[table] ??= []);
  }

  #setEmail(ADDRNUMBER: string, email: string): void {
    const kept = this.keepEmail(email);
    this.sap.tables['ADR6'] = this.#rows('ADR6').filter((row) => row['ADDRNUMBER'] !== ADDRNUMBER);
    if (kept === '') return;
    const key = { ADDRNUMBER, PERSNUMBER: '', DATE_FROM: '00010101', CONSNUMBER: '001', FLGDEFAULT: 'X' };
    this.#rows('ADR6').push({ ...key, SMTP_ADDR: kept, SMTP_SRCH: kept.toUpperCase().slice(0, 20) });
  }

  #unit(apply: () => Record<string, unknown>): Record<string, unknown> {
    const fault = this.faults.shift();
    if (fault === 'refused') return { RETURN: { TYPE: 'E', ID: 'AM', NUMBER: '230', MESSAGE: 'Postal code must have length 5' } };
    if (fault === 'lost before') throw tunnelError('NO_TUNNEL', 'retry');
    const answer = fault === 'unseen' ? {} : apply();
    // Spoken by the agent's journal about this unit, so that it is not asked again.
    const unit = { unitId: this.sap.units.at(-1)?.unitId ?? '', ending: 'unknown', steps: [] };
    if (fault === 'lost after' || fault === 'unseen')
      throw new SystemError('SAP_UNIT_UNKNOWN', 'uncertain', 'the answer was lost', { facts: { unit } });
    return answer;
  }

  #create(given: Record<string, unknown>): Record<string, unknown> {
    const person = given['PI_PERSONALDATA'] as Row | undefined;
    const data = person ?? (given['PI_COMPANYDATA'] as Row);
    const names = person ? { NAME1: data['LASTNAME'] ?? '', NAME2: data['FIRSTNAME'] ?? '' } : companyNames(data);
    const general = { ERDAT: this.sap.now.date, ERNAM: 'RFCUSER', STKZN: person ? 'X' : '', LAND1: data['COUNTRY'] ?? '' };
    return { CUSTOMERNO: this.keyIn(general, { ...names, ...placeOf(data), email: data['E_MAIL'] ?? '' }), RETURN: { TYPE: 'S' } };
  }

  #change(given: Record<string, unknown>): Record<string, unknown> {
    const { CUSTOMERNO } = given as { CUSTOMERNO: string };
    const address = this.rowOf('ADRC', CUSTOMERNO);
    const person = given['PI_PERSONALDATA'] as Row | undefined;
    const data = person ?? (given['PI_COMPANYDATA'] as Row);
    const names = person ? { NAME1: data['LASTNAME'], NAME2: data['FIRSTNAME'] } : companyNames(data);
    for (const [field, value] of Object.entries({ ...names, ...placeOf(data) })) if (value !== undefined) address[field] = value;
    if (data['E_MAIL'] !== undefined) this.#setEmail(address['ADDRNUMBER'] ?? '', data['E_MAIL']);
    return { RETURN: { TYPE: 'S' } };
  }
}

function companyNames(data: Row): Row {
  return given({ NAME1: data['NAME'], NAME2: data['NAME_2'], NAME3: data['NAME_3'], NAME4: data['NAME_4'] });
}

function placeOf(data: Row): Row {
  const { CITY, DISTRICT, POSTL_COD1, STREET, HOUSE_NO, COUNTRY, REGION, TEL1_NUMBR } = data;
  return given({
    CITY1: CITY,
    CITY2: DISTRICT,
    POST_CODE1: POSTL_COD1,
    STREET,
    HOUSE_NUM1: HOUSE_NO,
    COUNTRY,
    REGION,
    TEL_NUMBER: TEL1_NUMBR,
  });
}

function given(row: Record<string, string | undefined>): Row {
  return Object.fromEntries(Object.entries(row).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
