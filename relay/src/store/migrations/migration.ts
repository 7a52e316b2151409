import type { Kysely } from 'kysely';

/** One step of the schema. Never edited once released; runs in one transaction. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** True when an older build would misread or damage a database at this level. */
  readonly breaking: boolean;
  up(db: Kysely<unknown>): Promise<void>;
}
