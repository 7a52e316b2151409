import { parseJson } from '@ml-connector/shared';
import { HttpLoss } from './http.ts';
import { endsSession, judge, judgeLoss, refusesPassword, type JudgedCall } from './judge.ts';

const data: JudgedCall = { doing: 'reading F0101', step: 'data', table: 'F0101', fields: ['AN8', 'ALPH'] };
const login: JudgedCall = { doing: 'logging in', step: 'login' };
const orchestration: JudgedCall = { doing: 'running orchestration ML_PO', step: 'orchestration' };

function answer(status: number, text: string, more: { contentType?: string; retryAfter?: string } = {}) {
  const contentType = more.contentType ?? 'application/json';
  const hide = (said: string): string => said.replaceAll('geheim', '[secret]');
  return { status, text, contentType, retryAfter: more.retryAfter ?? '', json: parseJson(text), hide };
}
const failed = (message: unknown): string => JSON.stringify({ message, exception: 'Exception', timeStamp: '2025-09-19T20:16:27.934+0000' });
const grid = (errors: unknown[], sysErrors: unknown[] = []): string =>
  JSON.stringify({ fs_DATABROWSE_F0101: { errors, warnings: [] }, sysErrors });
const html = { contentType: 'text/html;charset=ISO-8859-1' };
const expired = 'JAS_MSG347: The query results expired.  Refresh them by clicking Find again.';

test.each<[string, ReturnType<typeof answer>, JudgedCall, string, string]>([
  ['wrong password', answer(403, failed('Authorization Failure')), login, 'JDE_LOGON_REFUSED', 'halt'],
  ['wrong password, as a gateway says it', answer(401, '<html>Unauthorized</html>', html), login, 'JDE_LOGON_REFUSED', 'halt'],
  ['password expired', answer(500, failed('The password has expired. CAUSE: ...')), login, 'JDE_LOGON_REFUSED', 'halt'],
  ['AIS not in Allowed Hosts', answer(405, failed('Not Allowed')), login, 'JDE_ALLOWED_HOSTS', 'halt'],
  ['login while the HTML server starts', answer(500, failed('Failed to connect to JAS')), login, 'JDE_SERVER_ERROR', 'retry'],
  ['login answered with 503', answer(503, '<html>Service Unavailable</html>', html), login, 'JDE_UNAVAILABLE', 'retry'],
  ['single sign-on wanted', answer(446, failed('SSO not enabled')), login, 'JDE_LOGIN_METHOD', 'halt'],
  ['token not known', answer(444, failed('Invalid Token')), data, 'JDE_SESSION_LOST', 'retry'],
  ['session gone at the HTML server', answer(500, failed('Session is invalid')), data, 'JDE_SESSION_LOST', 'retry'],
  ['no permission', answer(403, failed('Authorization Failure')), data, 'JDE_NOT_AUTHORIZED', 'refused'],
  ['no permission, told with 500', answer(500, failed('User is not authorized to F0101')), data, 'JDE_NOT_AUTHORIZED', 'refused'],
  [
    'no permission, hidden in a 200',
    answer(200, grid([], [{ TITLE: 'Data Browser security', DESC: '' }])),
    data,
    'JDE_NOT_AUTHORIZED',
    'refused',
  ],
  ['invalid JSON input', answer(400, failed('Unrecognized field')), data, 'JDE_REQUEST_INVALID', 'refused'],
  ['wrong content type', answer(415, ''), data, 'JDE_REQUEST_INVALID', 'refused'],
  ['unknown table', answer(500, failed('Table F0101 not found in specs')), data, 'JDE_TABLE_OR_COLUMN', 'refused'],
  ['unknown column', answer(500, failed('Invalid control id F0101.ALPH')), data, 'JDE_TABLE_OR_COLUMN', 'refused'],
  ['unknown column, told by its alias', answer(500, failed('Column ALPH does not exist')), data, 'JDE_TABLE_OR_COLUMN', 'refused'],
  ['a table that is named in another matter', answer(500, failed('Timeout while reading F0101')), data, 'JDE_SERVER_ERROR', 'retry'],
  ['failure of the server', answer(500, failed('java.lang.NullPointerException')), data, 'JDE_SERVER_ERROR', 'retry'],
  ['failure with an object as message', answer(500, failed({ message: 'spec not found' })), data, 'JDE_SERVER_ERROR', 'retry'],
  ['expired result', answer(500, JSON.stringify({ sysErrors: [{ TITLE: expired, DESC: expired }] })), data, 'JDE_RESULT_EXPIRED', 'retry'],
  ['expired result in a 200', answer(200, grid([], [{ TITLE: expired, DESC: '' }])), data, 'JDE_RESULT_EXPIRED', 'retry'],
  [
    'failure of the system in a 200',
    answer(200, grid([], [{ TITLE: 'JAS_MSG999: Database operation failed.', DESC: '' }])),
    data,
    'JDE_SERVER_ERROR',
    'retry',
  ],
  [
    'error of the form in a 200',
    answer(200, grid([{ CODE: '0002', TITLE: 'Record Invalid', DESC: 'CAUSE . . . .' }])),
    data,
    'JDE_ERROR',
    'refused',
  ],
  ['a web page with 200', answer(200, '<!DOCTYPE html><html>JD Edwards sign in</html>'), data, 'JDE_WRONG_PATH', 'halt'],
  ['a web page with 404', answer(404, '<html>Not Found</html>', html), data, 'JDE_WRONG_PATH', 'halt'],
  ['nothing there', answer(404, ''), data, 'JDE_WRONG_PATH', 'halt'],
  ['no such orchestration', answer(404, failed('not found')), orchestration, 'JDE_ORCHESTRATION_MISSING', 'refused'],
  ['a web page of a gateway', answer(502, '<html>Bad Gateway</html>', html), data, 'JDE_UNAVAILABLE', 'retry'],
  ['a redirect', answer(302, ''), data, 'JDE_REDIRECTED', 'halt'],
  ['a proxy in between', answer(407, ''), data, 'JDE_PROXY', 'halt'],
  ['broken JSON', answer(200, '{"fs_DATABROWSE_F0101":{"data":'), data, 'JDE_ANSWER_UNREADABLE', 'retry'],
  ['an empty body', answer(200, ''), data, 'JDE_ANSWER_UNREADABLE', 'retry'],
])('%s', (_what, given, call, code, verdict) => {
  expect(judge(given, call)).toMatchObject({ code, verdict });
});

test.each([
  ['rows', answer(200, grid([]))],
  ['a count', answer(200, '{"ds_F0101":{"count":21}}')],
  [
    'warnings only',
    answer(200, JSON.stringify({ fs_DATABROWSE_F0101: { errors: [], warnings: [{ TITLE: 'Data truncated' }] }, sysErrors: [] })),
  ],
])('%s are no error', (_what, given) => {
  expect(judge(given, data)).toBeUndefined();
});

test('the message is one line without cause and resolution, secrets are gone, and the facts keep the rest', () => {
  const DESC = 'Record invalid for geheim\nCAUSE . . . .  The value\nRESOLUTION . . . .  Enter another';
  const error = judge(answer(200, grid([{ CODE: '0002', TITLE: 'Error', DESC }])), data);
  expect(error?.message).toBe('reading F0101: AIS reports an error: Error: Record invalid for [secret]');
  expect(JSON.stringify(error?.facts)).toContain('RESOLUTION');
  expect(JSON.stringify(error)).not.toContain('geheim');
});

test.each([
  ['what it asks for', '120', 120_000],
  ['a sensible time where it says nothing', '', 30_000],
  ['ten minutes at most', '86400', 600_000],
])('a server that is away is left alone for %s', (_what, retryAfter, retryAfterMs) => {
  expect(judge(answer(503, '', { retryAfter }), data)).toMatchObject({ retryAfterMs });
});

test('what names a column tells how to find out', () => {
  expect(judge(answer(500, failed('Table F0101 does not exist')), data)?.fix).toMatch(/Data Browser.*P00950/);
  expect(judge(answer(403, ''), data)?.fix).toMatch(/F0101 in Security Workbench \(P00950\)/);
});

test.each([
  ['ECONNREFUSED', 'JDE_UNREACHABLE', 'retry'],
  ['ENOTFOUND', 'JDE_UNREACHABLE', 'retry'],
  ['ECONNRESET', 'JDE_CONNECTION_LOST', 'retry'],
  ['TIMEOUT', 'JDE_TIMEOUT', 'retry'],
  ['ABORTED', 'JDE_CANCELLED', 'retry'],
  ['ANSWER_CUT', 'JDE_ANSWER_UNREADABLE', 'retry'],
  ['ANSWER_TOO_LARGE', 'JDE_ANSWER_TOO_LARGE', 'refused'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'JDE_TLS', 'halt'],
  ['CERT_HAS_EXPIRED', 'JDE_TLS', 'halt'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'JDE_TLS', 'halt'],
])('no answer because of %s is %s', (lost, code, verdict) => {
  expect(judgeLoss(new HttpLoss(lost), data)).toMatchObject({ code, verdict });
});

test.each([
  ['an unknown token', answer(444, failed('Invalid Token')), false, true],
  ['a refusal after calls went well', answer(403, failed('Authorization Failure')), true, true],
  ['a refusal with a login of this very call', answer(403, failed('Authorization Failure')), false, false],
  ['missing permission that AIS names', answer(500, failed('not authorized')), true, false],
  ['a failure of the server', answer(500, ''), true, false],
])('%s may mean that the session ended', (_what, given, hasWorked, ends) => {
  const error = judge(given, data);
  expect(error && endsSession(error, hasWorked)).toBe(ends);
});

test.each([
  ['where the same call went well before', answer(403, failed('Authorization Failure')), true, true],
  ['where AIS says so', answer(403, failed('User is locked out')), false, true],
  ['where a gateway asks for it', answer(401, ''), false, true],
  ['not for a table that never worked', answer(403, failed('Authorization Failure')), false, false],
  ['not for a failure of the server', answer(500, failed('password file missing')), true, false],
])('a password that goes with every call is taken as refused %s', (_what, given, hasWorked, refuses) => {
  const error = judge(given, data);
  expect(error && refusesPassword(error, hasWorked)).toBe(refuses);
});
