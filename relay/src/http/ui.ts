import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import express, { type Express, type Request, type Response } from 'express';

/** Beside the bundle, or where the build leaves it when the relay runs from its sources. */
export function builtInterface(): string | undefined {
  return [path.join(import.meta.dirname, 'ui'), path.join(import.meta.dirname, '../../dist/ui')].find((folder) =>
    existsSync(path.join(folder, 'index.html')),
  );
}

/**
 * Serves the user interface: its files under `/assets/` for ever, as they are named by their content, and its one page for every other address that
 * a browser opens. The page may load and call nothing but this relay.
 */
export function mountInterface(app: Express, folder: string | undefined): void {
  if (folder === undefined) return;
  const page = readFileSync(path.join(folder, 'index.html'), 'utf8');
  app.use('/assets', express.static(path.join(folder, 'assets'), { index: false, redirect: false, setHeaders: keepForEver }));
  app.get(/^(?!\/(?:api|webhooks|oauth|assets|healthz|readyz|metrics|live)(?:\/|$))/, (request, response, next) => {
    if (!opensPage(request)) return next();
    sendPage(response, page);
  });
}

function keepForEver(response: ServerResponse): void {
  response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
}

function opensPage({ headers }: Request): boolean {
  return (headers.accept ?? '').includes('text/html');
}

function sendPage(response: Response, page: string): void {
  const nonce = randomBytes(16).toString('base64url');
  response.setHeader('Content-Security-Policy', policyWith(nonce));
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=()');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.type('html').send(page.replace('%CSP_NONCE%', nonce));
}

/** The nonce is for the style elements that the component library writes; scripts come from files only. */
function policyWith(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
