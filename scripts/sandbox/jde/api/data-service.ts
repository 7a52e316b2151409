import { valueOf, type JdeTable, type Row } from '../data/index.ts';
import type { SimParts } from '../parts.ts';
import { findRows, QueryRefusal, readOrderBy, readQuery, type Predicate, type UserView } from '../query/index.ts';
import type { Session } from '../sessions.ts';
import { textOf } from '../scalar.ts';
import { aggregate } from './aggregate.ts';
import { cursorExpired, invalidToken, json, serviceError, type Answer } from './answers.ts';
import { authorise } from './authorise.ts';
import { browse, nextPage, readColumns, readOutputType, readPageSize } from './browse.ts';
import { bodyText, type AisRequest } from './request.ts';

/** POST `/dataservice`. */
export function dataService(parts: SimParts, request: AisRequest): Answer {
  const { body = {} } = request;
  return admitted(parts, request, ({ session, isStateless }) => {
    const { environment, role } = body;
    if (parts.site.requiresEnvironment && !(environment && role)) return serviceError(parts.clock, 503, 'Service Unavailable');
    const table = findTable(parts, body['targetName'], body['targetType']);
    if (parts.site.deniedTables.includes(table.definition.name))
      return serviceError(parts.clock, 403, `User is not authorized to view ${table.definition.name}`);
    const { token: _token, password: _password, ...rest } = body;
    const links = request.version === 2 && !isStateless && bodyText(request, 'enableNextPageProcessing').toLowerCase() === 'true';
    const read = (): Answer => answerRead(parts, { table, body, session, version: request.version, linksFor: links ? session : undefined });
    // A result with a cursor is never the same twice.
    return links ? read() : parts.cache.answer(JSON.stringify([session.user, request.version, rest]), body['allowCache'], read);
  });
}

/** GET or POST `/dataservice/next`. */
export function dataServiceNext(parts: SimParts, request: AisRequest): Answer {
  return admitted(parts, request, ({ session }) => {
    const [rid, stateId] = [request.query.get('rid') ?? '', request.query.get('stateId') ?? ''];
    const cursor = parts.cursors.next({ rid, stateId, token: session.token });
    return cursor ? nextPage(parts, cursor) : cursorExpired();
  });
}

interface Admitted {
  session: Session;
  isStateless: boolean;
}

/** With a session; a request that is not understood answers 500. */
export function admitted(parts: SimParts, request: AisRequest, answer: (who: Admitted) => Answer): Answer {
  const admission = authorise(parts, request);
  if ('refused' in admission) return admission.refused;
  if (!admission.session.hasHtmlSession)
    return parts.site.deadHtmlSessionStatus === 444
      ? invalidToken(parts.clock)
      : serviceError(parts.clock, 500, 'The session on the HTML server has expired');
  try {
    return answer(admission);
  } catch (error) {
    if (!(error instanceof QueryRefusal)) throw error;
    return serviceError(parts.clock, 500, error.message, 'com.jdedwards.jas.RestServiceException');
  } finally {
    if (admission.isStateless) parts.sessions.logout(admission.session);
  }
}

export function findTable({ database }: SimParts, name: unknown, kind: unknown): JdeTable {
  const table = kind === 'table' ? database.find(textOf(name)) : undefined;
  if (!table) throw new QueryRefusal(`Invalid ${textOf(kind)} ${textOf(name)}`);
  return table;
}

/** What the words of a request mean to this session's user now. */
export function viewOf({ site, clock }: SimParts, { user }: Session): UserView {
  const { simpleDateFormat, decimalFormat } = site.user;
  return { user, today: clock.today(), simpleDateFormat, decimalFormat };
}

/** Row security, for one table. */
export function visibility({ site }: SimParts, table: JdeTable): Predicate {
  const hidden = site.hiddenRows.flatMap((rule) => {
    const column = rule.table === table.definition.name ? table.column(rule.column) : undefined;
    return column ? [{ column, value: rule.value }] : [];
  });
  return (row) => !hidden.some(({ column, value }) => valueOf(row, column).trim() === value.trim());
}

interface Read {
  table: JdeTable;
  body: Record<string, unknown>;
  session: Session;
  version: 1 | 2 | 3;
  linksFor: Session | undefined;
}

function answerRead(parts: SimParts, { table, body, session, version, linksFor }: Read): Answer {
  if (body['having']) throw new QueryRefusal('having is not simulated');
  const query = readQuery(body['query'], table, viewOf(parts, session));
  const { orderBy: sentOrder } = (body['aggregation'] ?? {}) as { orderBy?: unknown };
  const orderBy = readOrderBy(sentOrder, table);
  const isVisible = visibility(parts, table);
  const all = (): Row[] => findRows({ table, query, orderBy: [], isVisible, limit: Infinity }).rows;
  switch (body['dataServiceType']) {
    case 'COUNT': {
      const count = { count: all().length };
      return json(parts.site.countStyle === 'flat' ? count : { [`ds_${table.definition.name}`]: count });
    }
    case 'AGGREGATION':
      return json({ [`ds_${table.definition.name}`]: aggregate(table, body['aggregation'], all(), parts.clock) });
    case 'BROWSE':
    case undefined: {
      const shape = {
        table,
        columns: readColumns(parts, table, body['returnControlIDs']),
        outputType: readOutputType(body['outputType'], version === 1 ? 'VERSION1' : 'GRID_DATA'),
      };
      // Nobody presses Find without it, and a demo answer has titles only.
      const finds = bodyText({ body }, 'findOnEntry').toUpperCase() === 'TRUE' && body['formServiceDemo'] !== 'TRUE';
      return browse(parts, {
        shape,
        query: finds ? query : { matches: () => false, required: [] },
        orderBy,
        pageSize: readPageSize(parts, body['maxPageSize']),
        isVisible,
        linksFor,
      });
    }
    default:
      throw new QueryRefusal(`Invalid dataServiceType ${bodyText({ body }, 'dataServiceType')}`);
  }
}
