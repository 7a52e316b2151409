import * as fc from 'fast-check';
import { JdeTable, tableDefinitions, type Row } from '../data/index.ts';
import { findRows, readOrderBy } from './find-rows.ts';
import { readQuery } from './query.ts';

const definition = tableDefinitions.find(({ name }) => name === 'F4311');
const view = { user: 'CONNSVC', today: '20250304', simpleDateFormat: 'dd/MM/yyyy', decimalFormat: '.' };

function tableOf(orders: readonly number[]): JdeTable {
  if (!definition) throw new Error('F4311 is not there');
  const table = new JdeTable(definition);
  orders.forEach((order, index) =>
    table.put({ DOCO: String(order), DCTO: 'OP', KCOO: '00100', SFXO: '000', LNID: `${index + 1}.000`, UORG: String(index % 3) }),
  );
  return table;
}

const order = fc.integer({ min: 1, max: 30 });
const operator = fc.constantFrom('EQUAL', 'NOT_EQUAL', 'LESS', 'LESS_EQUAL', 'GREATER', 'GREATER_EQUAL', 'BETWEEN', 'LIST');
const condition = fc.record({ operator, contents: fc.array(order, { minLength: 2, maxLength: 4 }) });

/** What the condition says, without the table's order. */
function holds(row: Row, { operator, contents }: { operator: string; contents: number[] }): boolean {
  const [value, first = 0, second = 0] = [Number(row['DOCO']), ...contents];
  const meaning: Record<string, boolean> = {
    EQUAL: value === first,
    NOT_EQUAL: value !== first,
    LESS: value < first,
    LESS_EQUAL: value <= first,
    GREATER: value > first,
    GREATER_EQUAL: value >= first,
    BETWEEN: value >= first && value <= second,
    LIST: contents.includes(value),
  };
  return meaning[operator] ?? false;
}

test('what is found by the key is what a look at every row finds, in key order and up to the limit', () => {
  fc.assert(
    fc.property(fc.array(order, { maxLength: 60 }), fc.array(condition, { maxLength: 3 }), fc.nat(20), (orders, conditions, limit) => {
      const table = tableOf(orders);
      const sent = conditions.map(({ operator, contents }) => ({
        controlId: 'F4311.DOCO',
        operator,
        value: contents.map((one) => ({ content: String(one), specialValueId: 'LITERAL' })),
      }));
      const query = readQuery({ matchType: 'MATCH_ALL', condition: sent }, table, view);
      const all = table.rows.filter((row) => conditions.every((one) => holds(row, one)));
      expect(findRows({ table, query, orderBy: [], limit })).toEqual({ rows: all.slice(0, limit), hasMore: all.length > limit });
    }),
  );
});

test('another order than the key is sorted as a whole before it is cut', () => {
  const table = tableOf([5, 4, 3, 2, 1, 6]);
  const orderBy = readOrderBy(
    [
      { column: 'F4311.UORG', direction: 'DESC' },
      { column: 'F4311.DOCO', direction: 'ASC' },
    ],
    table,
  );
  const { rows, hasMore } = findRows({ table, query: readQuery(undefined, table, view), orderBy, limit: 3 });
  expect([rows.map(({ DOCO }) => DOCO), hasMore]).toEqual([['3', '6', '1'], true]);
});
