import { places, type Operations, type Problem } from './operations.ts';

export type OperationId = keyof Operations;
export type Answer<Id extends OperationId> = Operations[Id]['answer'];

export interface Call<Id extends OperationId> {
  path?: Operations[Id]['path'];
  query?: Operations[Id]['query'];
  body?: Operations[Id]['body'];
  signal?: AbortSignal;
}

/** What the relay answers when it refuses: `code` for programs, `detail` and `fix` for people. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

let csrfToken: string | undefined;

/** Sent with everything that changes something: it shows that the call comes from this page (`GET /me` tells it). */
export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

/** Calls one operation of the API. Rejects with an ApiProblem, also when the relay cannot be reached. */
export async function callApi<Id extends OperationId>(id: Id, { path = {}, query = {}, body, signal }: Call<Id> = {}): Promise<Answer<Id>> {
  const [method, place] = places[id];
  const response = await fetch(`/api/v1${addressOf(place, path)}${queryOf(query)}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'GET' || csrfToken === undefined ? {} : { 'x-csrf-token': csrfToken }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiProblem(unreachable);
  });
  const text = await response.text();
  if (!response.ok) throw new ApiProblem(problemOf(response, text));
  return (text === '' ? undefined : JSON.parse(text)) as Answer<Id>;
}

function addressOf(place: string, path: Record<string, unknown>): string {
  return place.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(path[name])));
}

function queryOf(query: Record<string, unknown>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}

function problemOf(response: Response, text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    const title = `${response.status} ${response.statusText}`;
    return {
      ...unreachable,
      status: response.status,
      title,
      code: 'ANSWER_UNREADABLE',
      detail: 'Something between here and the relay answered in its place.',
    };
  }
}

const unreachable: Problem = {
  type: 'about:blank',
  title: 'Relay not reached',
  status: 0,
  code: 'RELAY_UNREACHABLE',
  detail: 'The relay does not answer.',
  fix: 'Check your connection; what you see may be old.',
  requestId: '',
};
