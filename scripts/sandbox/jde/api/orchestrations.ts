import { trimmedRow } from '../data/index.ts';
import type { SimParts } from '../parts.ts';
import { findRows, readQuery } from '../query/index.ts';
import { textOf } from '../scalar.ts';
import type { Session } from '../sessions.ts';
import { json, plainNumber, type Answer } from './answers.ts';
import { readColumns } from './browse.ts';
import { admitted, findTable, viewOf, visibility } from './data-service.ts';
import { gridBody } from './grid.ts';
import type { AisRequest } from './request.ts';
import { requestToken, validateToken } from './tokens.ts';

type Inputs = Readonly<Record<string, string>>;
type Orchestration = (parts: SimParts, session: Session, inputs: Inputs) => object;

/** What an administrator of the invented site published for callers that may not browse tables. */
const orchestrations: Readonly<Record<string, Orchestration>> = {
  /** One data request, answered as the data service does: input `AfterAddressNumber`, 500 suppliers at a time. */
  ORCH_SupplierPage: (parts, session, inputs) => {
    const table = findTable(parts, 'F0401', 'table');
    const condition = [
      { controlId: 'F0401.AN8', operator: 'GREATER', value: [{ content: inputs['AfterAddressNumber'] ?? '0', specialValueId: 'LITERAL' }] },
    ];
    const query = readQuery({ condition }, table, viewOf(parts, session));
    const found = findRows({ table, query, orderBy: [], isVisible: visibility(parts, table), limit: 500 });
    const columns = readColumns(parts, table, 'AN8|CRRP|TRAP|HDPY|UPMJ|UPMT');
    return { ServiceRequest1: gridBody(parts, { table, columns, outputType: 'GRID_DATA' }, found) };
  },
  /** A flat array under the administrator's own names: input `Company`. */
  ORCH_Accounts: (parts, session, inputs) => {
    const table = findTable(parts, 'F0901', 'table');
    const condition = inputs['Company'] ? [{ controlId: 'F0901.CO', operator: 'EQUAL', value: [{ content: inputs['Company'] }] }] : [];
    const query = readQuery({ condition }, table, viewOf(parts, session));
    const { rows } = findRows({ table, query, orderBy: [], isVisible: visibility(parts, table), limit: Infinity });
    const accounts = rows.map((row) => {
      const { AID, MCU, OBJ, SUB, DL01, PEC, LDA } = trimmedRow(table.definition, row);
      return {
        AccountID: AID,
        BusinessUnit: MCU,
        Object: OBJ,
        Subsidiary: SUB,
        Description: DL01,
        PostingEdit: PEC,
        Level: plainNumber(LDA || '0'),
      };
    });
    return { Accounts: accounts, AccountCount: accounts.length };
  },
};

/** `/orchestrator/<name>`, the aliases of the token calls included. */
export function orchestrate(parts: SimParts, request: AisRequest): Answer {
  const name = decodeURIComponent(request.path.slice('/orchestrator/'.length));
  if (name === 'jde-login') return requestToken(parts, request);
  if (name === 'jde-validate-session') return validateToken(parts, request);
  return admitted(parts, request, ({ session }) => {
    const orchestration = orchestrations[name];
    if (!orchestration) {
      const message = { 'ERROR ': `Orchestration ${name} does not exist`, status: 'ERROR' };
      return json({ message, exception: 'OrchestratorException', timeStamp: parts.clock.errorStamp() }, 500);
    }
    const started = parts.clock.answerStamp();
    const output = orchestration(parts, session, readInputs(request));
    return json({
      ...output,
      jde__status: 'SUCCESS',
      jde__startTimestamp: started,
      jde__endTimestamp: parts.clock.answerStamp(),
      jde__serverExecutionSeconds: plainNumber('0.042'),
    });
  });
}

/** `{"Company":"00100"}`, or the older `{"inputs":[{"name":"Company","value":"00100"}]}`; with GET as parameters. */
function readInputs({ body, query }: AisRequest): Inputs {
  const inputs = body?.['inputs'];
  if (Array.isArray(inputs))
    return Object.fromEntries((inputs as { name?: unknown; value?: unknown }[]).map(({ name, value }) => [textOf(name), textOf(value)]));
  return Object.fromEntries([...query, ...Object.entries(body ?? {}).map(([name, value]) => [name, textOf(value)] as const)]);
}
