import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import MemoryAdapter from 'oidc-provider/lib/adapters/memory_adapter.js';

export interface IdentityProvider extends AsyncDisposable {
  issuer: string;
  /** Who is signed in there; every browser is the same person. */
  person: { id: string; claims: Record<string, unknown> };
  /** Whether the person agrees. */
  agrees: boolean;
  /** What the token endpoint was asked so far. */
  tokenRequests: number;
}

export const client = { id: 'ml-relay', secret: 'a-secret-for-tests' };

/** A real OpenID provider on loopback, for one client that comes back to `redirectUri()`. */
export async function startIdentityProvider(redirectUri: () => string): Promise<IdentityProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state: IdentityProvider = {
    issuer,
    person: { id: 'nobody', claims: {} },
    agrees: true,
    tokenRequests: 0,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  let provider: Provider | undefined;
  // The relay's address is known only once it listens.
  const open = (): Provider => (provider ??= new Provider(issuer, configuration(state, redirectUri())));
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url ?? '', issuer);
    if (pathname === '/token') state.tokenRequests += 1;
    if (!pathname.startsWith('/interaction/')) return open().callback()(request, response);
    const result = state.agrees ? { login: { accountId: state.person.id } } : { error: 'access_denied', error_description: 'no' };
    open()
      .interactionFinished(request, response, result)
      .catch(() => response.destroy());
  });
  return state;
}

/** The provider warns of its own class. */
class Memory extends MemoryAdapter {}

function configuration(state: IdentityProvider, redirectUri: string): ConstructorParameters<typeof Provider>[1] {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    adapter: Memory,
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirectUri], grant_types: ['authorization_code'] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['a key for cookies'] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    pkce: { required: () => true },
    ttl: { Session: 600, Grant: 600, Interaction: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...state.person.claims }) }),
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid email profile groups');
      await grant.save();
      return grant;
    },
  };
}
