import { beginSession } from '../people/index.ts';
import { auditPerson } from './audit.ts';
import type { Browser } from './route.ts';
import type { Services } from './services.ts';

/** Begins a session and gives the browser its cookie. */
export async function enter(services: Services, personId: string, { browser, by }: { browser: Browser; by: string }): Promise<void> {
  const { token, expiresAt } = await beginSession(services, { personId, address: browser.address, browser: browser.name });
  browser.keepSession(token, expiresAt);
  await auditPerson(services, { actor: `person:${personId}`, kind: 'session.begin', from: browser.address, by });
}
