import { HttpLoss, type HttpAnswer } from '../http/index.ts';
import { judge, judgeLoss } from './judge.ts';

const json = { contentType: 'application/json; charset=utf-8', retryAfter: '' };
const page = { contentType: 'text/html; charset=utf-8', retryAfter: '', text: '<!DOCTYPE html><html><body>Page not found</body></html>' };
const said = (...texts: string[]): string => JSON.stringify(texts.map((Exception) => ({ ErrorCode: 400, Exception })));
const reached60Calls = said('You have reached 60 calls per 60 seconds API limit.');
const termNotFound = said('Active payment term with name 30 Tage was not found in Payment Terms reference book');
const suppliers = '{"Total":1,"Page":1,"SupplierList":[{"Name":"ACME"}]}';

type Row = [string, HttpAnswer, writes: boolean, code: string, verdict: string];
const rows: Row[] = [
  ['limit, documented', { ...json, status: 429, text: '', retryAfter: '60 Seconds' }, true, 'CIN7_RATE_LIMITED', 'retry'],
  ['limit, older documents', { ...json, status: 503, text: '' }, true, 'CIN7_RATE_LIMITED', 'retry'],
  [
    'limit, as lists report it',
    { ...json, contentType: 'text/plain', status: 503, text: 'You reached 60 calls per minute API limit' },
    false,
    'CIN7_RATE_LIMITED',
    'retry',
  ],
  ['limit, as purchases report it', { ...json, status: 400, text: reached60Calls }, true, 'CIN7_RATE_LIMITED', 'retry'],
  ['limit with status 200', { ...json, status: 200, text: reached60Calls }, true, 'CIN7_RATE_LIMITED', 'retry'],
  ['a gateway without its server, reading', { ...page, status: 503 }, false, 'CIN7_SERVER_ERROR', 'retry'],
  ['a gateway without its server, writing', { ...page, status: 503 }, true, 'CIN7_SERVER_ERROR', 'uncertain'],
  [
    'a gateway that lost its server on the way, in plain text',
    { ...json, contentType: 'text/plain', status: 503, text: 'upstream connect error or disconnect/reset before headers' },
    true,
    'CIN7_SERVER_ERROR',
    'uncertain',
  ],
  ['wrong credentials', { ...json, status: 403, text: said('Incorrect credentials!') }, false, 'CIN7_CREDENTIALS', 'halt'],
  ['wrong credentials, other status', { ...json, status: 401, text: '' }, true, 'CIN7_CREDENTIALS', 'halt'],
  ['wrong credentials in a 400', { ...json, status: 400, text: '{"ErrorCode":403,"Exception":"No"}' }, true, 'CIN7_CREDENTIALS', 'halt'],
  ['a redirect', { ...json, status: 302, text: '' }, true, 'CIN7_REDIRECTED', 'halt'],
  ['200 with a web page', { ...page, status: 200 }, false, 'CIN7_WRONG_PATH', 'halt'],
  ['200 with a web page to a write', { ...page, status: 200 }, true, 'CIN7_WRONG_PATH', 'halt'],
  ['a web page that says it is JSON', { ...json, status: 200, text: '\r\n<!doctype HTML>' }, false, 'CIN7_WRONG_PATH', 'halt'],
  ['404 with a web page', { ...page, status: 404 }, false, 'CIN7_WRONG_PATH', 'halt'],
  [
    'a method it does not have',
    { ...json, status: 405, text: '{"Message":"The requested resource does not support http method \'PUT\'."}' },
    true,
    'CIN7_METHOD_NOT_ALLOWED',
    'halt',
  ],
  ['unknown payment term', { ...json, status: 400, text: termNotFound }, true, 'CIN7_VALIDATION', 'refused'],
  [
    'one error, not in an array',
    { ...json, status: 400, text: '{"ErrorCode":400,"Exception":"Addresses is invalid"}' },
    true,
    'CIN7_VALIDATION',
    'refused',
  ],
  [
    'item 404 in a 400',
    { ...json, status: 400, text: '[{"ErrorCode":404,"Exception":"Category not found."}]' },
    true,
    'CIN7_VALIDATION',
    'refused',
  ],
  ['an error under another key', { ...json, status: 400, text: '{"ExceptionMessage":"Bad date"}' }, true, 'CIN7_VALIDATION', 'refused'],
  ['a 400 without a word', { ...json, status: 400, text: '' }, true, 'CIN7_VALIDATION', 'refused'],
  ['an error with status 200', { ...json, status: 200, text: said('Lines is invalid') }, true, 'CIN7_VALIDATION', 'refused'],
  [
    'a purchase that is not there',
    { ...json, status: 400, text: said('Purchase Task with specified ID not found') },
    false,
    'CIN7_PURCHASE_NOT_FOUND',
    'refused',
  ],
  [
    'an advanced purchase on the path for simple ones',
    {
      ...json,
      status: 400,
      text: said(
        'This endpoint is deprecated and does not support Advanced Purchase and Service Purchase. Please use AdvancedPurchase endpoint',
      ),
    },
    false,
    'CIN7_OTHER_PURCHASE_TYPE',
    'refused',
  ],
  [
    'an unknown location, item 404 in a 400',
    { ...json, status: 400, text: `[{"ErrorCode":404,"Exception":"Location 'Köln' was not found in Locations reference book"}]` },
    true,
    'CIN7_VALIDATION',
    'refused',
  ],
  [
    'a total that is not what Cin7 Core reckons',
    { ...json, status: 400, text: said("Value of attribute 'Total' doesn't match. Expected value is: 1436.50") },
    true,
    'CIN7_VALIDATION',
    'refused',
  ],
  [
    'a name that is taken',
    { ...json, status: 400, text: said('This supplier already exists. Supplier name must be unique.') },
    true,
    'CIN7_NAME_TAKEN',
    'refused',
  ],
  ['server fault after a read', { ...json, status: 500, text: '' }, false, 'CIN7_SERVER_ERROR', 'retry'],
  ['server fault after a write', { ...json, status: 500, text: '' }, true, 'CIN7_SERVER_ERROR', 'uncertain'],
  ['a gateway that gave up waiting', { ...page, status: 504 }, true, 'CIN7_SERVER_ERROR', 'uncertain'],
  ['half an answer to a read', { ...json, status: 200, text: suppliers.slice(0, 30) }, false, 'CIN7_ANSWER_UNREADABLE', 'retry'],
  ['half an answer to a write', { ...json, status: 200, text: suppliers.slice(0, 30) }, true, 'CIN7_ANSWER_UNREADABLE', 'uncertain'],
  ['no answer text to a write', { ...json, status: 200, text: '' }, true, 'CIN7_ANSWER_UNREADABLE', 'uncertain'],
];

test.each(rows)('%s', (_what, answer, writes, code, verdict) => {
  expect(judge(answer, { writes })).toMatchObject({ code, verdict });
});

test.each([
  ['a list', { ...json, status: 200, text: suppliers }],
  ['a list that speaks of limits', { ...json, status: 200, text: '{"SupplierList":[{"Comments":"reached 60 calls per day"}]}' }],
  ['an object with a field called Message', { ...json, status: 200, text: '{"Message":"hello"}' }],
  ['no content', { ...json, status: 204, text: '' }],
])('%s is a good answer', (_what, answer) => {
  expect(judge(answer, { writes: true })).toBeUndefined();
});

test.each([
  ['60 Seconds', 60_000],
  ['30 sec', 30_000],
  ['7', 7000],
  ['', undefined],
  ['Fri, soon', undefined],
  ['999999', 600_000],
])('Retry-After %p means %p ms', (retryAfter, retryAfterMs) => {
  expect(judge({ ...json, status: 429, text: '', retryAfter }, { writes: false })?.retryAfterMs).toBe(retryAfterMs);
});

test('a refusal carries all texts of the vendor, the body for the record and a fix', () => {
  const answer = { ...json, status: 400, text: said('Required attribute Name is not provided.', 'Addresses is invalid') };
  const error = judge(answer, { writes: true, doing: 'creating supplier ACME' });
  expect(error?.message).toBe('creating supplier ACME: Required attribute Name is not provided.; Addresses is invalid');
  expect(error?.fix).toMatch(/default/);
  expect(error?.facts).toMatchObject({ status: 400, body: answer.text });
});

test.each([
  ["Location 'Tax rule' was not found in Locations reference book", /Locations & Bins/],
  ["Supplier '0f0e' was not found", /Activate this supplier/],
  ["Tax rule 'Product tax' was not found in Tax Rules reference book", /active tax rule/],
  ["Product 'ML-00001' was not found", /Create or activate this product/],
  ['Purchase Task with specified ID not found', /removed in Cin7 Core/],
  ["Value of attribute 'Total' doesn't match. Expected value is: 1436.50", /quantity, price and discount/],
])('%s comes with a fix that fits', (Exception, fix) => {
  expect(judge({ ...json, status: 400, text: said(Exception) }, { writes: true })?.fix).toMatch(fix);
});

test.each([
  ['refused connection, writing', 'ECONNREFUSED', false, true, 'CIN7_UNREACHABLE', 'retry'],
  ['cut connection, reading', 'UND_ERR_SOCKET', true, false, 'CIN7_ANSWER_LOST', 'retry'],
  ['cut connection, writing', 'UND_ERR_SOCKET', true, true, 'CIN7_ANSWER_LOST', 'uncertain'],
  ['given up while writing', 'ABORTED', true, true, 'CIN7_CANCELLED', 'uncertain'],
])('no answer: %s', (_what, lossCode, mayHaveArrived, writes, code, verdict) => {
  expect(judgeLoss(new HttpLoss(lossCode, mayHaveArrived, undefined), { writes })).toMatchObject({ code, verdict });
});
