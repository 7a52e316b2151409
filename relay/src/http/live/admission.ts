import type { Request } from 'express';
import { findSession, roleIn } from '../../people/index.ts';
import { findCaller } from '../api-tokens.ts';
import type { Identity } from '../caller.ts';
import type { FailedSignIns } from '../failed-sign-ins.ts';
import { ApiError, notFound } from '../problem.ts';
import type { Services } from '../services.ts';
import { sessionTokenOf } from '../session-cookie.ts';
import { identityOf, signIn } from '../sign-in.ts';

export interface Admission {
  actor: string;
  tenantId: string;
  after: string | undefined;
  /** The same for all connections that one session or token has to this tenant. */
  key: string;
  /** Whether whoever came in would still come in. */
  isStillGood(): Promise<boolean>;
}

/** Lets in who may see the tenant that the address names. Throws what is answered otherwise. */
export async function admit(request: Request, services: Services, failed: FailedSignIns): Promise<Admission> {
  const identity = await signIn(request, services, failed);
  // Browsers send cookies along with what other sites' pages open here, and no page can set Authorization.
  if (identity.signedIn && !isOurPage(request, services.publicUrl))
    throw new ApiError(403, 'NOT_FROM_HERE', 'this does not come from the page of this relay', {
      fix: 'Set http.publicUrl to the address that people open.',
    });
  const asked = new URLSearchParams(request.url.split('?')[1]);
  const tenantId = asked.get('tenant') ?? '';
  const tenant = await services.store.db.selectFrom('tenant').select('id').where('id', '=', tenantId).executeTakeFirst();
  if (!tenant || !maySee(identity, tenantId)) throw notFound('tenant', tenantId);
  const isStillGood = async (): Promise<boolean> => {
    const now = await identityAgain(request, services, identity);
    return now !== undefined && maySee(now, tenantId);
  };
  const key = `${identity.signedIn?.session.token_hash ?? identity.actor} ${tenantId}`;
  return { actor: identity.actor, tenantId, after: asked.get('after') ?? undefined, key, isStillGood };
}

function maySee({ grants }: Identity, tenantId: string): boolean {
  return roleIn(grants, tenantId) !== undefined;
}

/** An open page is no sign that somebody is there: it does not keep a session alive. */
async function identityAgain(request: Request, services: Services, { signedIn }: Identity): Promise<Identity | undefined> {
  if (!signedIn) return findCaller(services, /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
  const found = await findSession(services, sessionTokenOf(request) ?? '', { isUse: false });
  return found && identityOf(found);
}

function isOurPage(request: Request, publicUrl: string | undefined): boolean {
  const { origin } = request.headers;
  if (publicUrl !== undefined && origin === new URL(publicUrl).origin) return true;
  return origin === `${request.protocol}://${request.host}`;
}
