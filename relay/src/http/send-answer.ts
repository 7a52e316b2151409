import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Response } from 'express';
import { problem, toApiError } from './problem.ts';
import type { Route } from './route.ts';

interface Answer {
  route: Route;
  response: Response;
  /** What the route's handler answered. */
  result: unknown;
  signal: AbortSignal;
  /** The result was sent once already, and is in the form of the answer. */
  isAsSent?: boolean;
}

/** Sends a handler's answer in the form that its route declares. */
export async function sendAnswer({ route, response, result, signal, isAsSent = false }: Answer): Promise<void> {
  const { status = 200, answer, answerType = 'application/json' } = route;
  response.status(status);
  if (answerType === 'application/x-ndjson') return sendLines(response, result as AsyncIterable<unknown>, signal);
  if (!answer) return void response.end();
  if (answerType === 'text/csv') return void response.type(answerType).send(answer.parse(result));
  if (isHtmlPage(result)) return sendPage(response, result);
  response.type(answerType).send(JSON.stringify(isAsSent ? result : answer.parse(result)));
}

/** One JSON object per line as they come. A failure before the first line is a problem answer, a later one the last line. */
async function sendLines(response: Response, lines: AsyncIterable<unknown>, signal: AbortSignal): Promise<void> {
  const iterator = lines[Symbol.asyncIterator]();
  try {
    const first = iterator.next();
    // A quiet log must not look like a relay that does not answer.
    await Promise.race([first, wait(1000, undefined, { ref: false })]);
    response.type('application/x-ndjson').flushHeaders();
    for (let next = await first; next.done !== true; next = await iterator.next())
      if (!response.write(`${JSON.stringify(next.value)}\n`)) await once(response, 'drain', { signal });
    response.end();
  } catch (error) {
    if (signal.aborted) return;
    if (!response.headersSent) throw error;
    response.end(`${JSON.stringify({ problem: problem(toApiError(error)) })}\n`);
  } finally {
    await iterator.return?.(undefined);
  }
}

/** A page in place of a route's JSON, where the caller asked for one. It must stand by itself: nothing in it is loaded or run. */
export interface HtmlPage {
  html: string;
  isPage: typeof pageMark;
}

const pageMark: unique symbol = Symbol('page');

export function htmlPage(html: string): HtmlPage {
  return { html, isPage: pageMark };
}

function isHtmlPage(result: unknown): result is HtmlPage {
  return result instanceof Object && 'isPage' in result && result.isPage === pageMark;
}

function sendPage(response: Response, { html }: HtmlPage): void {
  response.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox");
  response.type('text/html').send(html);
}
