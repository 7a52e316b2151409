import type { Row } from '../dictionary/index.ts';
import type { FiscalPeriod } from '../documents/fiscal-period.ts';
import type { SapSystemParts } from '../parts.ts';
import type { Draft, DraftItem } from './draft.ts';
import { message, type Message, type MessageName, type Place } from './messages.ts';

/** What a draft's header says, once it is known to be right. */
export interface Frame {
  company: Row;
  companyCode: string;
  documentType: string;
  postingDate: string;
  documentDate: string;
  fiscal: FiscalPeriod;
  controllingArea: string;
}

/** An item with its amounts in smallest units, debit positive, and where it is posted to. */
export interface JudgedItem {
  draft: DraftItem;
  units: number;
  localUnits: number;
  /** Net amount that a tax item is the tax of. */
  baseUnits: number;
  localBaseUnits: number;
  /** HKONT. */
  account: string;
  /** Further fields of BSEG. */
  more: Row;
}

/** Collects what is wrong with a draft; every check says what it finds and goes on. */
export class Judge {
  readonly system: SapSystemParts;
  readonly draft: Draft;
  readonly messages: Message[] = [];

  constructor(system: SapSystemParts, draft: Draft) {
    this.system = system;
    this.draft = draft;
  }

  /** An error; answers undefined, for checks that end there. */
  say(name: MessageName, values: readonly string[] = [], place?: Place): undefined {
    this.messages.push(message(name, values, place));
    return undefined;
  }

  warn(name: MessageName, values: readonly string[] = [], place?: Place, type: 'W' | 'I' = 'W'): void {
    this.messages.push(message(name, values, place, type));
  }

  get isRefused(): boolean {
    return this.messages.some(({ type }) => type === 'E');
  }

  row(table: string, ...key: string[]): Row | undefined {
    return this.system.stored(table).get(key);
  }
}
