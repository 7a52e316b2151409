import type { SimParts } from '../parts.ts';
import type { Credentials, Session } from '../sessions.ts';
import { invalidToken, serviceError, type Answer } from './answers.ts';
import { bodyText, type AisRequest } from './request.ts';

export type Admission = { session: Session; isStateless: boolean } | { refused: Answer };

/** Who calls: by token, or with credentials in this very request, for which a session is opened and closed again. */
export function authorise(parts: SimParts, request: AisRequest): Admission {
  const token = tokenOf(request);
  if (token !== '') {
    const session = parts.sessions.use(token, deviceOf(request));
    return session ? { session, isStateless: false } : { refused: invalidToken(parts.clock) };
  }
  const credentials = credentialsOf(request);
  if (!credentials) return { refused: serviceError(parts.clock, 403, 'Authorization Failure: no token and no credentials') };
  if (!parts.site[credentials.isBasic ? 'allowsBasic' : 'allowsPasswordInBody'])
    return { refused: serviceError(parts.clock, 403, 'Authorization Failure: this kind of login is not allowed') };
  const logon = logOn(parts, credentials);
  return 'refused' in logon ? logon : { session: logon.session, isStateless: true };
}

/** Opens a session, or says why not in the words of a logon. */
export function logOn(parts: SimParts, credentials: Credentials): { session: Session } | { refused: Answer } {
  const { clock, site, sessions } = parts;
  if (!site.isAllowedHost)
    return { refused: serviceError(clock, 405, 'AIS Server is not in the allowed hosts of the HTML server', 'AllowedHostException') };
  const logon = sessions.logon(credentials);
  if ('session' in logon) return logon;
  switch (logon.refused) {
    case 'password':
      return { refused: serviceError(clock, 403, 'User Name or Password is incorrect', 'AuthenticationException') };
    case 'locked':
      return { refused: serviceError(clock, 403, 'User is locked out. Contact your system administrator', 'AuthenticationException') };
    case 'environment':
      return { refused: serviceError(clock, 403, 'User may not use this environment and role', 'AuthenticationException') };
    case 'full':
      return { refused: serviceError(clock, 500, 'The HTML server has no session left for this user') };
  }
}

export function tokenOf(request: AisRequest): string {
  return request.header('jde-AIS-Auth') || bodyText(request, 'token') || request.query.get('$token') || request.query.get('token') || '';
}

/** The name the caller gives its device, else where it calls from. */
export function deviceOf(request: AisRequest): string {
  return request.header('jde-AIS-Auth-Device') || bodyText(request, 'deviceName') || request.query.get('$device') || request.remoteAddress;
}

/** From the header or the body; undefined where there is no user name. */
export function credentialsOf(request: AisRequest): (Credentials & { isBasic: boolean }) | undefined {
  const basic = /^Basic (.+)$/i.exec(request.header('authorization'));
  const [username = '', ...password] = basic
    ? Buffer.from(basic[1] ?? '', 'base64')
        .toString('utf8')
        .split(':')
    : [];
  const inBody = bodyText(request, 'username') || request.query.get('$username') || '';
  const session = {
    environment:
      bodyText(request, 'environment') || request.header('jde-AIS-Auth-Environment') || (request.query.get('$environment') ?? ''),
    role: bodyText(request, 'role') || request.header('jde-AIS-Auth-Role') || (request.query.get('$role') ?? ''),
    device: deviceOf(request),
  };
  if (basic) return { ...session, username, password: password.join(':'), isBasic: true };
  if (inBody === '') return undefined;
  return {
    ...session,
    username: inBody,
    password: bodyText(request, 'password') || (request.query.get('$password') ?? ''),
    isBasic: false,
  };
}
