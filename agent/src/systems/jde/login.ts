import { parseJson, SystemError } from '@ml-connector/shared';
import type { HttpLoss, HttpSender } from './http.ts';
import { judge, judgeLoss } from './judge.ts';
import type { Secrets } from './secrets.ts';
import type { JdeConnectionSettings } from './settings.ts';

/** What AIS says of the user who signed on. */
export interface Profile {
  user: string;
  environment: string;
  role: string;
  /** `UTC-05:00`, or ''. */
  timeZoneOffset: string;
  /** `dd/MM/yyyy`, or '': literal dates are read in it. */
  dateFormat: string;
  /** The decimal point of literals. */
  decimalFormat: string;
}

export interface LoginAnswer {
  token: string;
  profile: Profile;
}

export interface LoginRequest {
  http: HttpSender;
  settings: JdeConnectionSettings;
  deviceName: string;
  password: string;
  secrets: Secrets;
  timeoutMs: number;
  signal: AbortSignal;
}

/** One login (facts/jde-ais.md 2.1). Rejects with a SystemError; JDE_LOGON_REFUSED means that JD Edwards looked at the password. */
export async function login(request: LoginRequest): Promise<LoginAnswer> {
  const { http, settings, deviceName, password, secrets, timeoutMs, signal } = request;
  const { user, environment, role } = settings;
  const judged = { doing: `logging in to JD Edwards as ${user}, environment ${environment}`, step: 'login' } as const;
  const byHeaders = settings.loginMethod === 'basic';
  const body = byHeaders ? {} : { username: user, password, deviceName, environment, role };
  const headers = byHeaders ? basicHeaders(settings, deviceName, password) : {};
  const answer = await http
    .send({ method: 'POST', path: 'v2/tokenrequest', headers, body, mayRepeat: false, timeoutMs, signal })
    .catch((error: unknown) => {
      throw judgeLoss(error as HttpLoss, judged);
    });
  const text = answer.body.toString('utf8');
  const json = parseJson(text);
  const token = tokenOf(json);
  if (token) secrets.add(token);
  const error = judge({ ...answer, text: text.slice(0, 4000), json, hide: secrets.hide }, judged);
  if (error) throw error;
  if (!token) throw new SystemError('JDE_ANSWER_UNREADABLE', 'retry', `${judged.doing}: the answer holds no token`);
  return { token, profile: profileOf(json, settings) };
}

/** Credentials for one call. */
export function basicHeaders(settings: JdeConnectionSettings, deviceName: string, password: string): Record<string, string> {
  return {
    authorization: `Basic ${Buffer.from(`${settings.user}:${password}`).toString('base64')}`,
    'jde-AIS-Auth-Environment': settings.environment,
    'jde-AIS-Auth-Role': settings.role,
    'jde-AIS-Auth-Device': deviceName,
  };
}

export function tokenHeaders(token: string, deviceName: string): Record<string, string> {
  return { 'jde-AIS-Auth': token, 'jde-AIS-Auth-Device': deviceName };
}

/** Ends a session at AIS and at the HTML server behind it; it does not matter when that fails, as sessions end by themselves. */
export async function logout(http: HttpSender, { token, deviceName, timeoutMs }: LogoutRequest): Promise<void> {
  const headers = tokenHeaders(token, deviceName);
  const signal = AbortSignal.timeout(timeoutMs);
  await http
    .send({ method: 'POST', path: 'v2/tokenrequest/logout', headers, body: { token }, mayRepeat: true, timeoutMs, signal })
    .catch(() => undefined);
}

export interface LogoutRequest {
  token: string;
  deviceName: string;
  timeoutMs: number;
}

function tokenOf(json: unknown): string | undefined {
  const { token } = asRecord(asRecord(json)['userInfo']);
  return typeof token === 'string' && token !== '' ? token : undefined;
}

function profileOf(json: unknown, settings: JdeConnectionSettings): Profile {
  const root = asRecord(json);
  const user = asRecord(root['userInfo']);
  return {
    user: textOf(root['username']) || settings.user,
    environment: textOf(root['environment']) || settings.environment,
    role: textOf(root['role']) || settings.role,
    timeZoneOffset: textOf(user['timeZoneOffset']),
    dateFormat: textOf(user['simpleDateFormat']),
    decimalFormat: textOf(user['decimalFormat']) || '.',
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
