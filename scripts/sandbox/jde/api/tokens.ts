import type { SimParts } from '../parts.ts';
import type { Session } from '../sessions.ts';
import { invalidToken, json, serviceError, type Answer } from './answers.ts';
import { credentialsOf, deviceOf, logOn, tokenOf } from './authorise.ts';
import type { AisRequest } from './request.ts';

export function requestToken(parts: SimParts, request: AisRequest): Answer {
  const credentials = credentialsOf(request);
  if (!credentials) return serviceError(parts.clock, 403, 'Authorization Failure: no credentials');
  const logon = logOn(parts, credentials);
  return 'refused' in logon ? logon.refused : json(tokenAnswer(parts, logon.session));
}

/** 200, or 444 where the token is not, or no longer, one of this device. */
export function validateToken(parts: SimParts, request: AisRequest): Answer {
  const session = parts.sessions.use(tokenOf(request), deviceOf(request));
  return session ? json({ isValidSession: true }) : invalidToken(parts.clock);
}

export function logout(parts: SimParts, request: AisRequest): Answer {
  const session = parts.sessions.use(tokenOf(request), deviceOf(request));
  if (!session) return invalidToken(parts.clock);
  parts.sessions.logout(session);
  return { status: 200, body: '' };
}

export function tokenAnswer({ site, clock }: SimParts, session: Session): object {
  const { user } = site;
  return {
    username: session.user,
    environment: session.environment,
    role: session.role,
    jasserver: 'http://jas01:8080',
    userInfo: {
      token: session.token,
      langPref: 'E',
      locale: 'en',
      dateFormat: dateFormatCode(user.simpleDateFormat),
      dateSeperator: /[^a-zA-Z]/.exec(user.simpleDateFormat)?.[0] ?? '/',
      simpleDateFormat: user.simpleDateFormat,
      timeFormat: '24',
      decimalFormat: user.decimalFormat,
      addressNumber: user.addressNumber,
      alphaName: user.alphaName,
      appsRelease: 'E920',
      country: ' ',
      username: session.user,
      longUserId: ' ',
      timeZoneOffset: clock.zoneText(),
      dstRuleKey: ' ',
      dstRule: null,
    },
    userAuthorized: false,
    version: null,
    poStringJSON: null,
    altPoStringJSON: null,
    aisSessionCookie: Buffer.from(session.token).toString('hex').slice(0, 40),
    adminAuthorized: false,
    deprecated: true,
  };
}

/** `DME` for `dd/MM/yyyy`: day, month, year with its century. */
function dateFormatCode(simpleDateFormat: string): string {
  return (simpleDateFormat.match(/[a-zA-Z]+/g) ?? [])
    .map((part) => (part.startsWith('d') ? 'D' : part.startsWith('M') ? 'M' : part.length > 2 ? 'E' : 'Y'))
    .join('');
}
