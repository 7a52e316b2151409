import { failure, methodNotAllowed, pageNotFound, type Answer } from './answers.ts';
import type { CallLimit, LimitStyle } from './limits.ts';
import { getAccounts, getAttributeSets, getMe, getPaymentTerms, getTaxRules } from './reference.ts';
import type { ApiRequest } from './request.ts';
import { createJournal, deleteJournal, getJournals, getTransactions, updateJournal } from './journals.ts';
import { getLocations, getProducts } from './products.ts';
import { listPurchases } from './purchase-list.ts';
import { createPurchase, deletePurchase, getPurchase, getSimplePurchase, postOrder, updatePurchase } from './purchases.ts';
import { save, type Cin7State, type SavedRow } from './state.ts';
import { createSupplier, getSuppliers, updateSupplier } from './suppliers.ts';

export interface ApiContext {
  state: Cin7State;
  stateFile: string | undefined;
  now(): number;
}

type Handler = (context: ApiContext, request: ApiRequest) => Answer;

const routes: Record<string, Record<string, Handler>> = {
  '/me': { GET: ({ state }) => getMe(state) },
  '/supplier': {
    GET: ({ state }, request) => getSuppliers(state, request),
    POST: (context, request) => write(context, request, (body) => asSaved('supplier', createSupplier(context.state, body, context.now()))),
    PUT: (context, request) => write(context, request, (body) => asSaved('supplier', updateSupplier(context.state, body, context.now()))),
  },
  '/journal': {
    GET: ({ state }, request) => getJournals(state, request),
    POST: (context, request) => write(context, request, (body) => asSaved('journal', createJournal(context.state, body))),
    PUT: (context, request) => write(context, request, (body) => asSaved('journal', updateJournal(context.state, body))),
    DELETE: (context, request) => commit(context, asSaved('journal', deleteJournal(context.state, request))),
  },
  '/advanced-purchase': {
    GET: ({ state }, request) => getPurchase(state, request),
    POST: (context, request) => write(context, request, (body) => asSaved('purchase', createPurchase(context.state, body, context.now()))),
    PUT: (context, request) => write(context, request, (body) => asSaved('purchase', updatePurchase(context.state, body, context.now()))),
    DELETE: (context, request) => commit(context, asSaved('purchase', deletePurchase(context.state, request, context.now()))),
  },
  '/purchase': { GET: ({ state }, request) => getSimplePurchase(state, request) },
  '/purchase/order': {
    POST: (context, request) => write(context, request, (body) => asSaved('purchase', postOrder(context.state, body, context.now()))),
  },
  '/purchaselist': { GET: ({ state }, request) => listPurchases(state, request) },
  '/product': { GET: ({ state }, request) => getProducts(state, request) },
  '/ref/location': { GET: ({ state }, request) => getLocations(state, request) },
  '/transactions': { GET: ({ state }, request) => getTransactions(state, request) },
  '/ref/account': { GET: ({ state }, request) => getAccounts(state, request) },
  '/ref/paymentterm': { GET: ({ state }, request) => getPaymentTerms(state, request) },
  '/ref/tax': { GET: ({ state }, request) => getTaxRules(state, request) },
  '/ref/attributeset': { GET: ({ state }, request) => getAttributeSets(state, request) },
};

export function isKnown(path: string): boolean {
  return path in routes;
}

/** The answer of a call that was let in: its effect, if any, is committed when this returns. */
export function answerCall(context: ApiContext, request: ApiRequest): Answer {
  const methods = routes[request.path];
  if (!methods) return pageNotFound();
  const handler = methods[request.method];
  return handler ? handler(context, request) : methodNotAllowed(request.method);
}

export function forbidden(): Answer {
  return failure(403, 'Incorrect credentials!');
}

/** A call above the limit, in the style asked for (facts/cin7.md 2). The wait is told in simulated time, rounded up to a second. */
export function limitAnswer({ settings }: CallLimit, style: LimitStyle): Answer {
  const seconds = Math.max(1, Math.ceil(60 / settings.timeScale));
  const text = `You reached ${settings.callsPerMinute} calls per minute API limit`;
  switch (style) {
    case '429':
      return { status: 429, body: '', headers: { 'Retry-After': `${seconds} Seconds` } };
    case '429-sec':
      return { ...failure(429, text), headers: { 'Retry-After': `${seconds} sec` } };
    case '503':
      return { status: 503, body: text, contentType: 'text/plain; charset=utf-8' };
    case '400':
      return failure(400, `You have reached ${settings.callsPerMinute} calls per 60 seconds API limit.`);
  }
}

interface Written {
  answer: Answer;
  saved?: SavedRow;
}

function asSaved(table: keyof SavedRow, { answer, row }: { answer: Answer; row?: object }): Written {
  return row ? { answer, saved: { [table]: row } } : { answer };
}

function write(context: ApiContext, request: ApiRequest, apply: (body: Record<string, unknown>) => Written): Answer {
  if (!request.body) return failure(500, 'Unexpected character encountered while parsing value.');
  return commit(context, apply(request.body));
}

function commit({ state, stateFile }: ApiContext, { answer, saved }: Written): Answer {
  if (saved) save(state, stateFile, saved);
  return answer;
}
