import type { z } from 'zod';
import type { Role } from '../people/index.ts';
import type { Caller } from './caller.ts';
import type { Services } from './services.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * One operation of the API: what it takes, who may call it, what it answers. Router, checks, audit and the OpenAPI document all come from it.
 * A path that begins with `/tenants/{tenantId}` is open only to tokens of that tenant and of the relay's administrators.
 */
export interface RouteSpec<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType> {
  /** Stable, also the kind of the audit event: `sites.create`. */
  id: string;
  method: Method;
  /** Below `/api/v1`: `/tenants/{tenantId}/sites`. */
  path: string;
  summary: string;
  description?: string;
  /** Least role that may call it. */
  role: Role;
  /** `relay`: only who has a role in all tenants. */
  scope?: 'relay';
  /**
   * `public`: nobody has to be signed in; `own`: of the person who is signed in, whatever the role; `any`: of programs as well, and of who has no
   * role any more. All of them write their own audit events.
   */
  access?: 'public' | 'own' | 'any';
  params?: Params;
  query?: Query;
  body?: Body;
  /** A body of type text/csv is taken as well, in UTF-8 or UTF-16, and stands in place of `{ csv: "…" }`. */
  takesCsv?: true;
  /** Of a GET: the part of the answer that edits are about. It gets an ETag, by which `If-Match` knows whether it is still the same. */
  etag?: (answer: z.output<Answer>) => unknown;
  /** Of a change: id of the GET, with the same path names, that shows what it edits. It then takes `If-Match`. */
  edits?: string;
  /** Everything else is taken out of an answer, so that no secret slips through. */
  answer?: Answer;
  /** `application/x-ndjson`: `handle` answers an async iterable of lines that match `answer`. `text/csv`: a text. */
  answerType?: 'application/json' | 'application/x-ndjson' | 'text/csv';
  status?: 200 | 201 | 202 | 204;
  /** What of the body is kept in the audit trail; nothing by default. Never secrets. */
  audited?: (body: z.output<Body>) => Record<string, unknown>;
  handle(input: RouteInput<z.output<Params>, z.output<Query>, z.output<Body>>): Promise<unknown>;
}

export interface RouteInput<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  /** Of a public route: nobody in particular. */
  caller: Caller;
  services: Services;
  browser: Browser;
  /** Aborts when the caller hangs up. */
  signal: AbortSignal;
}

/** Where the request comes from, and the cookie that it may be given. */
export interface Browser {
  address: string;
  name: string;
  keepSession(token: string, expiresAt: number): void;
  dropSession(): void;
}

export type Route = RouteSpec<z.ZodType, z.ZodType, z.ZodType, z.ZodType>;

export function defineRoute<
  Params extends z.ZodType = z.ZodType<Record<string, never>>,
  Query extends z.ZodType = z.ZodType<Record<string, never>>,
  Body extends z.ZodType = z.ZodType<undefined>,
  Answer extends z.ZodType = z.ZodType<undefined>,
>(
  route: Omit<RouteSpec<Params, Query, Body, Answer>, 'handle'> & {
    handle(input: RouteInput<z.output<Params>, z.output<Query>, z.output<Body>>): Promise<Handled<z.input<Answer>>>;
  },
): Route {
  return route as unknown as Route;
}

/** The answer itself, or a stream of it line by line. */
type Handled<Answer> = Answer | AsyncIterable<Answer>;
