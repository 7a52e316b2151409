import { HttpLoss, type HttpAnswer } from '../http/index.ts';
import { judge, judgeLoss, type JudgedCall } from './judge.ts';

const json = { contentType: 'application/json', retryAfter: '' };
const page = { contentType: 'text/html; charset=utf-8', retryAfter: '', text: '<!DOCTYPE html><html><body>Bad gateway</body></html>' };
const v3 = (status: number, title: string, errors: unknown = {}): HttpAnswer => ({
  ...json,
  status,
  text: JSON.stringify({ status, title, type: '/api-docs/getting-started/api-status-codes', errors }),
});
const v2 = (status: number, ...messages: string[]): HttpAnswer => ({
  ...json,
  status,
  text: JSON.stringify(messages.map((message) => ({ status, message }))),
});
const calls = {
  read: { effect: 'read', doing: 'reading order 250', needs: 'store_v2_orders_read_only' },
  put: { effect: 'repeatable', doing: 'writing prices', needs: 'store_v2_products' },
  post: { effect: 'once', doing: 'creating product TEA-1', needs: 'store_v2_products' },
} as const satisfies Record<string, JudgedCall>;

test.each<[string, HttpAnswer, keyof typeof calls, string, string]>([
  ['429 of v3', v3(429, 'Too many requests'), 'post', 'BIGCOMMERCE_RATE_LIMITED', 'retry'],
  ['429 without a word', { ...json, status: 429, text: '' }, 'read', 'BIGCOMMERCE_RATE_LIMITED', 'retry'],
  ['429 as a web page', { ...page, status: 429 }, 'read', 'BIGCOMMERCE_RATE_LIMITED', 'retry'],
  ['a wrong token', v3(401, 'Unauthorized - the v3 Auth client ID or token'), 'read', 'BIGCOMMERCE_CREDENTIALS', 'halt'],
  [
    'a wrong token, as plain text',
    { ...json, contentType: 'text/plain', status: 401, text: 'nope' },
    'put',
    'BIGCOMMERCE_CREDENTIALS',
    'halt',
  ],
  ['a missing scope', v3(403, 'Unauthorized Access.'), 'read', 'BIGCOMMERCE_SCOPE_MISSING', 'halt'],
  ['a missing scope, v2', v2(403, "You don't have a required scope to access the endpoint"), 'put', 'BIGCOMMERCE_SCOPE_MISSING', 'halt'],
  ['http in place of https', { ...json, status: 301, text: '' }, 'read', 'BIGCOMMERCE_REDIRECTED', 'halt'],
  ['a proxy that wants a password', { ...page, status: 407 }, 'read', 'BIGCOMMERCE_REDIRECTED', 'halt'],
  ['200 with a web page', { ...page, status: 200 }, 'post', 'BIGCOMMERCE_WRONG_PATH', 'halt'],
  ['404 with a web page', { ...page, status: 404 }, 'read', 'BIGCOMMERCE_WRONG_PATH', 'halt'],
  ['404 of v2', v2(404, 'The requested resource was not found.'), 'read', 'BIGCOMMERCE_NOT_FOUND', 'refused'],
  ['404 with null', { ...json, status: 404, text: 'null' }, 'read', 'BIGCOMMERCE_NOT_FOUND', 'refused'],
  ['400 of v2 that carries 404', { ...v2(404, 'Invalid address'), status: 400 }, 'put', 'BIGCOMMERCE_VALIDATION', 'refused'],
  ['409', v3(409, 'The product name is a duplicate'), 'post', 'BIGCOMMERCE_EXISTS', 'refused'],
  ['413', v3(413, 'Too many items'), 'put', 'BIGCOMMERCE_VALIDATION', 'refused'],
  ['422', v3(422, 'JSON data is missing or invalid', { name: 'must not be empty' }), 'post', 'BIGCOMMERCE_VALIDATION', 'refused'],
  ['a method it does not have', v3(405, 'Method not allowed'), 'put', 'BIGCOMMERCE_CALL_UNKNOWN', 'halt'],
  ['not implemented', { ...page, status: 501, text: '' }, 'read', 'BIGCOMMERCE_CALL_UNKNOWN', 'halt'],
  ['a plan that is full', v3(507, 'Limit reached'), 'post', 'BIGCOMMERCE_PLAN_LIMIT', 'refused'],
  ['locked', v3(423, 'Locked'), 'post', 'BIGCOMMERCE_LOCKED', 'retry'],
  ['500 to a read', { ...json, status: 500, text: '' }, 'read', 'BIGCOMMERCE_SERVER_ERROR', 'retry'],
  ['500 to a write that may be repeated', { ...json, status: 500, text: '' }, 'put', 'BIGCOMMERCE_SERVER_ERROR', 'retry'],
  ['500 to one that may not', { ...json, status: 500, text: '' }, 'post', 'BIGCOMMERCE_SERVER_ERROR', 'uncertain'],
  ['a gateway that gave up', { ...page, status: 504 }, 'post', 'BIGCOMMERCE_SERVER_ERROR', 'uncertain'],
  ['the store is down', { ...page, status: 503 }, 'read', 'BIGCOMMERCE_SERVER_ERROR', 'retry'],
  ['given up by a proxy', { ...json, status: 499, text: '' }, 'post', 'BIGCOMMERCE_SERVER_ERROR', 'uncertain'],
  ['half an answer to a read', { ...json, status: 200, text: '{"data":[{"id"' }, 'read', 'BIGCOMMERCE_ANSWER_UNREADABLE', 'retry'],
  ['half an answer to a write', { ...json, status: 200, text: '{"data":' }, 'post', 'BIGCOMMERCE_ANSWER_UNREADABLE', 'uncertain'],
  ['a part that was not saved', v3(207, 'Inventory could not be updated'), 'put', 'BIGCOMMERCE_PARTLY_SAVED', 'refused'],
])('%s', (_what, answer, call, code, verdict) => {
  expect(judge(answer, calls[call])).toMatchObject({ code, verdict });
});

test.each<[string, HttpAnswer, keyof typeof calls]>([
  ['a list of v2', { ...json, status: 200, text: '[{"id":1,"status":"Shipped","message":"x"}]' }, 'read'],
  ['an empty list of v2', { ...json, status: 204, text: '' }, 'read'],
  ['an envelope of v3', { ...json, status: 200, text: '{"data":[],"meta":{}}' }, 'read'],
  ['a creation', { ...json, status: 201, text: '{"id":1}' }, 'post'],
  ['a product that was saved in part', { ...json, status: 207, text: '{"data":{"id":1},"meta":{}}' }, 'post'],
])('%s is a good answer', (_what, answer, call) => {
  expect(judge(answer, calls[call])).toBeUndefined();
});

test.each<[string, HttpAnswer, string]>([
  [
    'title and fields of v3',
    v3(422, 'Invalid', { '0.name': 'is required', 'x.y': { code: 'bad' } }),
    'Invalid; 0.name: is required; x.y: {"code":"bad"}',
  ],
  ['all messages of v2', v2(400, 'The field is wrong.', 'Another one.'), 'The field is wrong.; Another one.'],
  ['errors wrapped in data', { ...json, status: 422, text: '{"data":[{"status":422,"title":"Refund refused"}]}' }, 'Refund refused'],
  ['the detail', { ...json, status: 400, text: '{"status":400,"title":"Bad","detail":"id must be a number"}' }, 'Bad; id must be a number'],
  [
    'rows of a price list',
    { ...json, status: 422, text: '{"batch_errors":[{"data":{"sku":"A"},"field_errors":{"price":"bad"}}]}' },
    'A: price: bad',
  ],
  [
    'the degraded service',
    { ...json, status: 503, text: '{"error":{"code":"SERVICE_DEGRADED","message":"Unavailable","details":"Retry later"}}' },
    'BigCommerce failed (HTTP 503): Unavailable; Retry later',
  ],
  ['plain text', { ...json, contentType: 'text/plain', status: 400, text: 'Bad request' }, 'Bad request'],
  ['nothing', { ...json, status: 400, text: '' }, 'HTTP 400'],
])('the refusal says %s', (_what, answer, words) => {
  expect(judge(answer, calls.read)?.message).toBe(`reading order 250: ${words}`);
});

test('a missing scope is named, and an extra call that lacks it does not halt the connection', () => {
  const refused = v3(403, 'Unauthorized Access.');
  expect(judge(refused, calls.read)).toMatchObject({
    message: expect.stringContaining('"Orders: read-only" (store_v2_orders_read_only)'),
    fix: expect.stringContaining('the scopes of an existing account cannot be changed'),
  });
  expect(judge(refused, { ...calls.put, isExtra: true })).toMatchObject({ code: 'BIGCOMMERCE_SCOPE_MISSING', verdict: 'refused' });
});

test.each([
  ['the reset time', { 'x-rate-limit-time-reset-ms': '15000' }, '', 15_000],
  ['the longer of both', { 'x-rate-limit-time-reset-ms': '15000', 'x-retry-after': '20' }, '', 20_000],
  ['the longer of both, the other way', { 'x-rate-limit-time-reset-ms': '15000', 'x-retry-after': '2' }, '', 15_000],
  ["a gateway's own header", {}, '7', 7000],
  ['nothing', {}, '', undefined],
  ['no absurd time', { 'x-retry-after': '999999' }, '', 600_000],
])('after a 429 the wait is %s', (_what, headers, retryAfter, ms) => {
  expect(judge({ ...json, status: 429, text: '', headers, retryAfter }, calls.read)?.retryAfterMs).toBe(ms);
});

test.each([
  ['refused connection, writing', 'ECONNREFUSED', false, 'post', 'BIGCOMMERCE_UNREACHABLE', 'retry'],
  ['cut connection, reading', 'UND_ERR_SOCKET', true, 'read', 'BIGCOMMERCE_ANSWER_LOST', 'retry'],
  ['cut connection, writing what may be repeated', 'UND_ERR_SOCKET', true, 'put', 'BIGCOMMERCE_ANSWER_LOST', 'retry'],
  ['cut connection, writing what may not', 'TIMEOUT', true, 'post', 'BIGCOMMERCE_ANSWER_LOST', 'uncertain'],
  ['given up while writing', 'ABORTED', true, 'post', 'BIGCOMMERCE_CANCELLED', 'uncertain'],
] as const)('no answer: %s', (_what, lossCode, mayHaveArrived, call, code, verdict) => {
  expect(judgeLoss(new HttpLoss(lossCode, mayHaveArrived, undefined), calls[call])).toMatchObject({ code, verdict });
});
