import type { SimParts } from '../parts.ts';
import { QueryRefusal, readOrderBy, readQuery } from '../query/index.ts';
import type { Answer } from './answers.ts';
import { browse, readColumns, readOutputType, readPageSize } from './browse.ts';
import { admitted, findTable, viewOf, visibility } from './data-service.ts';
import type { AisRequest } from './request.ts';

const operators: Readonly<Record<string, string>> = {
  EQ: 'EQUAL',
  NE: 'NOT_EQUAL',
  LT: 'LESS',
  LE: 'LESS_EQUAL',
  GT: 'GREATER',
  GE: 'GREATER_EQUAL',
  STARTSWITH: 'STR_START_WITH',
  ENDSWITH: 'STR_END_WITH',
  CONTAINS: 'STR_CONTAIN',
};

/** GET `/dataservice/table/F0101?$field=…&$filter=F0101.AT1 EQ V` (facts/jde-ais.md 3.2). */
export function getTable(parts: SimParts, request: AisRequest): Answer {
  const { query: params, path } = request;
  return admitted(parts, request, ({ session }) => {
    const table = findTable(parts, path.split('/').at(-1), 'table');
    const condition = params.getAll('$filter').map(readFilter);
    const matchType = params.get('$filterType') ?? 'MATCH_ALL';
    const [sortColumn, direction = 'ASC'] = (params.get('$sort') ?? '').split(' ');
    return browse(parts, {
      shape: {
        table,
        columns: readColumns(parts, table, params.getAll('$field').join('|')),
        outputType: readOutputType(params.get('$outputType'), 'GRID_DATA'),
      },
      query: readQuery({ condition, matchType }, table, viewOf(parts, session)),
      orderBy: readOrderBy(sortColumn ? [{ column: sortColumn, direction }] : undefined, table),
      pageSize: readPageSize(parts, params.get('$limit')),
      isVisible: visibility(parts, table),
    });
  });
}

/** `F0101.UPMJ GE 5 TODAY_MINUS_DAY`: the last word of a date may say what the value means. */
function readFilter(text: string): object {
  const [controlId = '', operator = '', ...rest] = text.split(' ');
  const special = rest.length > 1 && rest.at(-1)?.startsWith('TODAY') ? rest.pop() : undefined;
  const known = operators[operator];
  if (!known) throw new QueryRefusal(`Invalid filter ${text}`);
  return { controlId, operator: known, value: [{ content: rest.join(' '), specialValueId: special ?? 'LITERAL' }] };
}
