import * as client from 'openid-client';
import { z } from 'zod';
import type { Clock } from '@ml-connector/shared';
import type { OidcConfig } from '../../config/index.ts';
import { ApiError } from '../problem.ts';

/** What the identity provider vouches for. */
export interface Claims {
  issuer: string;
  subject: string;
  email: string | undefined;
  /** Only then the address says anything. */
  isEmailVerified: boolean;
  name: string | undefined;
  groups: readonly string[];
}

export interface Provider {
  /** Where the browser is to go. */
  address(asked: { redirectUri: string; state: string; nonce: string; verifier: string }): Promise<string>;
  /** Trades what the browser brought back for claims, all checked: issuer, audience, signature, time, nonce, PKCE. */
  claims(back: { url: URL; state: string; nonce: string; verifier: string }): Promise<Claims>;
}

/** The provider describes itself anew after so long. */
const knownForMs = 3_600_000;
const timeoutSeconds = 10;
const clockDriftSeconds = 30;

const profile = z.object({
  email: z.string().optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  preferred_username: z.string().optional().catch(undefined),
});

/** Both methods reject with an ApiError: OIDC_UNREACHABLE, OIDC_DENIED, OIDC_INVALID. */
export function openProvider(settings: OidcConfig, clock: Clock): Provider {
  let known: { configuration: client.Configuration; until: number } | undefined;
  const groupsClaim = settings.createPeople?.groupsClaim;

  async function configuration(): Promise<client.Configuration> {
    if (known && known.until > clock.now()) return known.configuration;
    const found = await discover(settings);
    known = { configuration: found, until: clock.now() + knownForMs };
    return found;
  }

  return {
    address: ({ redirectUri, state, nonce, verifier }) =>
      translated(async () => {
        const asked = {
          redirect_uri: redirectUri,
          scope: settings.scopes.join(' '),
          state,
          nonce,
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        };
        return client.buildAuthorizationUrl(await configuration(), asked).href;
      }),
    claims: ({ url, state, nonce, verifier }) =>
      translated(async () => {
        const config = await configuration();
        const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
        const tokens = await client.authorizationCodeGrant(config, url, checks);
        const idToken = tokens.claims();
        if (!idToken) throw new Error('the answer has no ID token');
        const isEnough = idToken['email'] !== undefined && (groupsClaim === undefined || idToken[groupsClaim] !== undefined);
        const hasMore = !isEnough && config.serverMetadata().userinfo_endpoint !== undefined;
        const more = hasMore ? await client.fetchUserInfo(config, tokens.access_token, idToken.sub) : {};
        return toClaims({ ...more, ...idToken }, groupsClaim);
      }),
  };
}

async function discover({ issuer, clientId, clientSecret }: OidcConfig): Promise<client.Configuration> {
  const url = new URL(issuer);
  // The configuration allows http for the own machine only.
  const execute = url.protocol === 'http:' ? [client.allowInsecureRequests] : [];
  const authentication = clientSecret === undefined ? client.None() : undefined;
  const metadata = { ...(clientSecret !== undefined && { client_secret: clientSecret }), [client.clockTolerance]: clockDriftSeconds };
  const options = { execute, timeout: timeoutSeconds };
  return client.discovery(url, clientId, metadata, authentication, options);
}

function toClaims(claims: Record<string, unknown>, groupsClaim: string | undefined): Claims {
  const { email, email_verified, name, preferred_username } = profile.parse(claims);
  const groups = groupsClaim === undefined ? [] : claims[groupsClaim];
  return {
    issuer: String(claims['iss']),
    subject: String(claims['sub']),
    email,
    isEmailVerified: email_verified === true,
    name: name ?? preferred_username,
    groups: (Array.isArray(groups) ? groups : [groups]).filter((group) => typeof group === 'string'),
  };
}

async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toRefusal(error as Failure);
  }
}

interface Failure {
  code?: string;
  message?: string;
  /** As the provider names it. */
  error?: string;
  cause?: { message?: string };
}

/** By the codes of oauth4webapi, and by what fetch says of a connection that fails. */
function toRefusal({ code = '', message = '', error, cause }: Failure): ApiError {
  if (code === 'OAUTH_AUTHORIZATION_RESPONSE_ERROR')
    return new ApiError(403, 'OIDC_DENIED', `the identity provider refused the sign-in (${error ?? message})`, {
      fix: 'Try again, or ask who runs the provider.',
    });
  const said = [code, error, message].filter(Boolean).join(', ');
  if (unreachable.has(code) || [message, cause?.message].includes('fetch failed'))
    return new ApiError(503, 'OIDC_UNREACHABLE', `the identity provider does not answer as it should (${said})`, {
      fix: 'Try again in a moment; check oidc.issuer in relay.yaml.',
    });
  return new ApiError(401, 'OIDC_INVALID', `what the identity provider answered is not good (${said})`, {
    fix: 'Begin the sign-in again; check client and secret.',
  });
}

const unreachable = new Set(['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON']);
