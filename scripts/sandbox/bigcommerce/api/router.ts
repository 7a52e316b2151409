import { v2Error, v3Error, type Answer } from '../answers.ts';
import type { ApiClient, Call, Route } from './route.ts';
import { routes } from './routes.ts';

export interface Found {
  route: Route;
  ids: number[];
}

const compiled = routes.map((route) => ({ route, pattern: new RegExp(`^${route.path.replaceAll('#', '(\\d+)')}$`) }));

/** The route of a call; `other methods` where only the method is wrong. */
export function findRoute(method: string, path: string): Found | 'other methods' | undefined {
  let isKnown = false;
  for (const { route, pattern } of compiled) {
    const match = pattern.exec(path);
    if (!match) continue;
    if (route.method === method) return { route, ids: match.slice(1).map(Number) };
    isKnown = true;
  }
  return isKnown ? 'other methods' : undefined;
}

/** A modify scope contains reading. */
export function isAllowed({ scopes }: Route, client: ApiClient): boolean {
  if (!scopes) return true;
  return scopes.some((scope) => client.scopes.includes(scope) || client.scopes.includes(scope.replace(/_read_only$/, '')));
}

export function answerCall(found: Found | 'other methods' | undefined, path: string, call: Omit<Call, 'ids'>): Answer {
  const isV2 = path.startsWith('/v2');
  if (found === undefined)
    return isV2 ? v2Error(404, 'The requested resource was not found.') : v3Error(404, 'The requested resource was not found.');
  if (found === 'other methods') return isV2 ? v2Error(405, 'The HTTP method is not allowed.') : v3Error(405, 'Method Not Allowed');
  return found.route.answer({ ...call, ids: found.ids });
}
