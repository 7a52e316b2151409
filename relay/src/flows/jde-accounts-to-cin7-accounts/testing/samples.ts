import type { JdeAccount } from '../../../systems/jde/index.ts';
import type { JdeTables } from '../../../systems/jde/testing/fake-jde.ts';
import type { Mapping } from '../../flow.ts';

/** An ordinary account of business unit 30. */
export function account(more: Partial<JdeAccount> = {}): JdeAccount {
  return {
    id: '00012345',
    company: '00001',
    businessUnit: '30',
    object: '1110',
    subsidiary: '',
    thirdNumber: '',
    description: 'Bear Creek National Bank',
    levelOfDetail: '6',
    postingEdit: '',
    currency: '',
    ...more,
  };
}

/** A value map with these entries; other codes are missing, as with the flow's own policy. `entries` may be changed while in use. */
export function mapping(settings: Record<string, unknown> = {}, entries: Record<string, string> = {}): Mapping {
  return {
    settings,
    lookup: (_id, ...codes) => codes.map((code) => entries[code]).find((target) => target !== undefined),
  };
}

const stamp = { UPMJ: '20240105', UPMT: '093015' };

/** F0901 with these accounts, last changed long ago. */
export function chartTables(accounts: Partial<Record<string, string>>[]): JdeTables {
  return {
    F0901: accounts.map((row, index) => ({
      AID: String(12345 + index).padStart(8, '0'),
      CO: '00001',
      MCU: '30',
      OBJ: '1110',
      SUB: '',
      ANS: '',
      DL01: 'Cash',
      LDA: '6',
      PEC: '',
      CRCD: '',
      ...stamp,
      ...row,
    })),
  };
}
