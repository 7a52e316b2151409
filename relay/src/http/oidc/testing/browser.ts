/** As much of a browser as signing in takes: it keeps cookies by host, and follows redirects until told to stop. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  cookiesFor(url: string): Map<string, string> {
    const { host } = new URL(url);
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    return jar;
  }

  /** One request, no redirect followed. */
  async get(url: string): Promise<Response> {
    const jar = this.cookiesFor(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html', ...(cookie !== '' && { cookie }) } });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      const at = pair.indexOf('=');
      const value = pair.slice(at + 1);
      if (value === '' || /max-age=0\b/i.test(set)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), value);
    }
    return response;
  }

  /** Follows redirects; answers the first address that `isEnd`, without opening it. */
  async until(url: string, isEnd: (url: string) => boolean): Promise<string> {
    let at = url;
    while (!isEnd(at)) {
      const response = await this.get(at);
      const next = response.headers.get('location');
      if (next === null) throw new Error(`${at} answered ${response.status} and leads nowhere: ${await response.text()}`);
      at = new URL(next, at).href;
    }
    return at;
  }
}
