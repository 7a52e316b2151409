/** The relay's HTTP API as the demo and the acceptance tests use it. Rejects with the problem's own words. */
export interface RelayApi {
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body?: unknown): Promise<Answer>;
  put<Answer>(path: string, body: unknown): Promise<Answer>;
  patch<Answer>(path: string, body: unknown): Promise<Answer>;
  /** All pages of a list. */
  all<Item>(path: string): Promise<Item[]>;
}

export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;

  constructor(what: string, status: number, body: { code?: string; detail?: string; title?: string }) {
    super(`${what}: ${status} ${body.code ?? ''} ${body.detail ?? body.title ?? ''}`);
    this.status = status;
    this.code = body.code ?? '';
  }
}

export function relayApi(baseUrl: string, token: string): RelayApi {
  async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${baseUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text === '' ? {} : (JSON.parse(text) as object);
    if (!response.ok) throw new ApiProblem(`${method} ${path}`, response.status, answer);
    return answer as Answer;
  }
  return {
    get: (path) => call('GET', path),
    post: (path, body = {}) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body) => call('PATCH', path, body),
    async all<Item>(path: string) {
      const items: Item[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const separator = path.includes('?') ? '&' : '?';
        const url: string = `${path}${separator}limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
        const page: { items: Item[]; nextCursor: string | null } = await call('GET', url);
        items.push(...page.items);
        cursor = page.nextCursor;
      }
      return items;
    },
  };
}
