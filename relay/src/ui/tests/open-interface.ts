import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { startApi, type TestApi } from '../../http/testing/index.ts';
import { issueLink } from '../../people/index.ts';
import { buildPages } from './built-pages.ts';
import { chromiumPath } from './chromium.ts';

/** A browser in front of a relay: the pages as they are built now, the real API, a real store, faked agents. */
export interface OpenInterface extends AsyncDisposable {
  api: TestApi;
  url: string;
  /** A browser without a past, in which nobody is signed in. */
  newVisitor(options?: BrowserContextOptions): Promise<Visitor>;
  /** Signed in as the relay's first administrator; for a test file of its own, as there is one first administrator only. */
  newAdmin(options?: BrowserContextOptions): Promise<Visitor>;
  /** Signed in as a new person with a role in one tenant. */
  newPerson(person: NewPerson, options?: BrowserContextOptions): Promise<Visitor>;
}

export interface NewPerson {
  tenantId: string;
  role: 'viewer' | 'operator' | 'admin';
  name?: string;
}

export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** Everything that the browser complained about: policy violations, script errors, failed loads. Requests answered 4xx are not in it. */
  complaints: string[];
}

export const password = 'Zwölf Krähen im Nebel 7';

/** Opens everything. Rejects without a browser: ask `describeInBrowser` first. */
export async function openInterface(): Promise<OpenInterface> {
  await using opened = new AsyncDisposableStack();
  const pages = opened.use(await buildPages());
  const api = opened.use(await startApi({ interfaceFolder: pages.folder }));
  const browser = opened.adopt(await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] }), (one) => one.close());
  const held = opened.move();
  let persons = 0;
  return {
    api,
    url: api.url,
    newVisitor: (options) => visit(browser, api.url, options),
    async newAdmin(options) {
      const { token } = await issueLink(api.services, { purpose: 'setup', createdBy: 'relay' });
      const visitor = await visit(browser, api.url, options);
      await follow(visitor, { token, password, email: 'ada@example.com', name: 'Ada Müller' });
      return visitor;
    },
    async newPerson({ tenantId, role, name = "Róisín O'Brien" }, options) {
      const email = `person${++persons}@example.com`;
      const { id: personId } = await api.ok('POST', `/tenants/${tenantId}/people`, { email, name, role });
      const { token } = await issueLink(api.services, { purpose: 'password', personId, createdBy: 'relay' });
      const visitor = await visit(browser, api.url, options);
      await follow(visitor, { token, password });
      return visitor;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Keeps what a page looks like where UI_SCREENSHOTS names a folder; does nothing otherwise. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['UI_SCREENSHOTS'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

async function visit(browser: Browser, baseURL: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.on('console', (message) => {
    const text = message.text();
    // The browser notes every answer of 4xx; what they mean is the page's affair.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource: the server responded with a status of 4')) {
      complaints.push(`${text} (${message.location().url})`);
    }
  });
  return { context, page: await context.newPage(), complaints };
}

async function follow({ context }: Visitor, link: Record<string, string>): Promise<void> {
  const response = await context.request.post('/api/v1/links/use', { data: link });
  if (!response.ok()) throw new Error(`the link was refused: ${await response.text()}`);
}
