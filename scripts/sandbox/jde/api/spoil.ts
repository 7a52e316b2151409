import type { Fault, FaultKind } from '../faults.ts';
import type { JdeClock } from '../jde-clock.ts';
import { invalidToken, page, serviceError, type Answer } from './answers.ts';

/** What is answered in place of the call; undefined: the fault is of another sort. */
export function answerInstead({ kind }: Fault, clock: JdeClock): Answer | undefined {
  const instead: Partial<Record<FaultKind, () => Answer>> = {
    error500: () => serviceError(clock, 500, 'Unable to process the request on the HTML server', 'java.net.SocketTimeoutException'),
    error503: () => page(503, 'Service Unavailable'),
    invalidToken: () => invalidToken(clock),
    forbidden: () => serviceError(clock, 403, 'Authorization Failure'),
    htmlInstead: () => page(200, 'Sign in to continue'),
  };
  return instead[kind]?.();
}

/** The call's own answer, spoiled. */
export function spoilAnswer({ kind }: Fault, answer: Answer): Answer {
  const spoilt: Partial<Record<FaultKind, () => Answer>> = {
    wrongJson: () => ({ ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }),
    emptyRows: () => changed(answer, emptied),
    errorInside200: () => changed(answer, (grid) => ({ ...emptied(grid), errors: [businessError] })),
    sysErrorInside200: () => ({ ...answer, body: JSON.stringify({ sysErrors: [systemError] }) }),
  };
  return spoilt[kind]?.() ?? answer;
}

const businessError = {
  CODE: '0002',
  TITLE: 'Error: Record Invalid',
  ERRORCONTROL: '54',
  DESC: 'Error: Record Invalid\nCAUSE . . . .  The record does not exist on the file.\nRESOLUTION. .  Enter a valid record.',
  MOBILE: 'The record does not exist on the file.',
};
const systemError = {
  TITLE: 'JAS_MSG999: Database operation failed.',
  DESC: 'JAS_MSG999: Database operation failed.\nCAUSE . . . .  The connection to the database was lost.\nRESOLUTION. .  Contact your administrator.',
};

interface Grid {
  data?: { gridData?: { rowset?: unknown[]; summary?: object } };
}

function emptied(grid: Grid): Grid {
  return { ...grid, data: { gridData: { ...grid.data?.gridData, rowset: [], summary: { records: 0, moreRecords: false } } } };
}

/** Applied to the grid of a browse; other answers stay as they are. */
function changed(answer: Answer, change: (grid: Grid) => object): Answer {
  const body = JSON.parse(answer.body === '' ? '{}' : answer.body) as Record<string, unknown>;
  const root = Object.keys(body).find((name) => name.startsWith('fs_DATABROWSE_'));
  if (!root) return answer;
  const { links: _links, ...rest } = body;
  return { ...answer, body: JSON.stringify({ ...rest, [root]: change(body[root] as Grid) }) };
}
