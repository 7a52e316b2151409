import { addAmounts } from '@ml-connector/shared';
import { failure, newId, pageNotFound, text, type Answer } from './answers.ts';
import type { Fault, FaultKind } from './faults.ts';
import type { ApiRequest } from './request.ts';

/** Faults that change what is stored, while the answer says that all is well. */
export const beforeTheCall: Partial<Record<FaultKind, (body: Record<string, unknown>, fault: Fault) => void>> = {
  ignoreFields: (body, { fields = [] }) => {
    for (const field of fields) delete body[field];
  },
  // As another way of rounding would have it: a journal in base currency, an order in its tax.
  roundOtherwise: (body) => {
    const [line] = linesOf(body);
    const field = line && 'BaseAmount' in line ? 'BaseAmount' : 'Tax';
    if (line) line[field] = addAmounts(text(line[field]), '0.01');
  },
  dropLastLine: (body) => void linesOf(body).pop(),
};

/** Faults that keep the call from having any effect. */
export const insteadOfTheCall: Partial<Record<FaultKind, (request: ApiRequest) => Answer | undefined>> = {
  dropBeforeCommit: () => undefined,
  error500BeforeCommit: () => failure(500, 'An error has occurred.'),
  htmlInstead: () => pageNotFound(),
  redirectLoop: ({ path }) => ({ status: 302, body: '', headers: { Location: `/ExternalApi/v2${path}` } }),
};

/** Faults that hide what the call has done. */
export const afterTheCall: Partial<Record<FaultKind, (answer: Answer) => Answer | undefined>> = {
  loseNextAnswer: () => undefined,
  error500AfterCommit: () => failure(500, 'An error has occurred.'),
  wrongJson: (answer) => ({ ...answer, body: answer.body.slice(0, answer.body.length / 2) }),
  wrongShape: (answer) => ({ ...answer, body: '{"Total":1,"Page":1}' }),
  otherId: (answer) => ({ ...answer, body: answer.body.replace(/"ID":"[^"]+"/, `"ID":"${newId().toUpperCase()}"`) }),
  emptyBlocks: (answer) => ({ ...answer, body: withoutBlocks(answer.body) }),
};

/** Seen of a simple purchase read on the advanced path; the others come whole. */
function withoutBlocks(body: string): string {
  const purchase = JSON.parse(body) as Record<string, unknown>;
  if (purchase['Type'] !== 'Simple Purchase') return body;
  const Order = { Memo: '', Status: 'NOT AVAILABLE', Lines: [], AdditionalCharges: [] };
  return JSON.stringify({ ...purchase, Order, StockReceived: [], Invoice: [] });
}

function linesOf(body: Record<string, unknown>): Record<string, unknown>[] {
  return (Array.isArray(body['Lines']) ? body['Lines'] : []) as Record<string, unknown>[];
}
