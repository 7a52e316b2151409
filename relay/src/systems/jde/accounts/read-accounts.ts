import { companyIn, isSystemError, type JdeCondition } from '@ml-connector/shared';
import { chunksOf, follow, onlyIn, readSurely, Stamps, type FollowedSource } from '../following/index.ts';
import { accountKey } from '../keys.ts';
import type { JdeBatch, JdeReading } from '../reading.ts';
import type { JdeAccount, JdeRow, JdeTableQuery } from '../types.ts';

export interface AccountReading extends JdeReading {
  /** CO; empty: all. */
  companies: readonly string[];
}

/** Accounts of the master F0901, whatever posts to them. Keys are AID with its zeros. */
export function readAccounts(reading: AccountReading): AsyncGenerator<JdeBatch<JdeAccount>, void, void> {
  return follow(reading, () => accountSource(reading));
}

const account = {
  table: 'F0901',
  fields: ['AID', 'CO', 'MCU', 'OBJ', 'SUB', 'ANS', 'DL01', 'LDA', 'PEC', 'CRCD'],
  key: ['AID'],
  optional: ['ANS', 'LDA', 'CRCD'],
} as const satisfies JdeTableQuery<string>;

const pageSize = 500;
const listSize = 100;

function accountSource({ session, scope, companies }: AccountReading): FollowedSource<JdeAccount> {
  const read = <Field extends string>(query: JdeTableQuery<Field>): Promise<JdeRow<Field>[]> => readSurely(session, query, scope);
  const chosen = onlyIn('CO', companies.map(companyIn));
  return {
    what: 'accounts',
    code: 'ACCOUNTS',
    selection: JSON.stringify(companies.map(companyIn).toSorted()),
    keyOf: ({ id }) => id,
    async page(afterFirstKey) {
      const start = afterFirstKey === undefined ? {} : { afterFirstKey };
      const rows = await read({ ...account, ...start, where: chosen, maxRows: pageSize });
      const last = rows.at(-1);
      return last && { items: rows.map(toAccount), problems: [], lastFirstKey: last.AID };
    },
    async changedIn(window) {
      const stamps = new Stamps(window);
      const where: JdeCondition[] = [{ field: 'UPMJ', op: 'SINCE_DAYS_AGO', days: window.days }, ...chosen];
      const query = { table: account.table, fields: ['AID', 'UPMJ', 'UPMT'], key: account.key, where, optional: ['UPMT'] } as const;
      for await (const { AID, UPMJ, UPMT } of session.query(query, scope)) stamps.add(accountKey(AID), '', { date: UPMJ, time: UPMT });
      return stamps.signatures();
    },
    async byKeys(keys) {
      const rows = await read({ ...account, where: [...withIds(keys), ...chosen] });
      return { items: rows.map(toAccount), problems: [] };
    },
    async stillThere(keys) {
      const there = new Set<string>();
      const ask = (ids: readonly string[], only: JdeCondition[]): Promise<{ AID: string }[]> =>
        read({ table: account.table, fields: account.key, key: account.key, where: [...withIds(ids), ...only] });
      for (const ids of chunksOf(keys, listSize)) {
        // Of any company, as the choice may have become narrower; where an agent's row policy forbids that, of the chosen ones.
        const rows = await ask(ids, []).catch((error: unknown) => {
          if (isSystemError(error) && error.code === 'POLICY_DENIED' && chosen.length > 0) return ask(ids, chosen);
          throw error;
        });
        for (const { AID } of rows) there.add(accountKey(AID));
      }
      return there;
    },
  };
}

function toAccount(row: JdeRow<(typeof account.fields)[number]>): JdeAccount {
  return {
    id: accountKey(row.AID),
    company: companyIn(row.CO),
    businessUnit: row.MCU.trim(),
    object: row.OBJ,
    subsidiary: row.SUB,
    thirdNumber: row.ANS,
    description: row.DL01,
    levelOfDetail: row.LDA,
    postingEdit: row.PEC,
    currency: row.CRCD,
  };
}

function withIds(ids: readonly string[]): JdeCondition[] {
  return [{ field: 'AID', op: 'IN', values: [...ids] }];
}
