import { createDocument } from 'zod-openapi';
import { z } from 'zod';
import { takesKeys } from './idempotency.ts';
import { resources } from './resources/index.ts';
import type { Route } from './route.ts';

type Document = ReturnType<typeof createDocument>;
type Paths = NonNullable<Parameters<typeof createDocument>[0]['paths']>;
type Operation = NonNullable<Paths[string]['get']>;

let made: Document | undefined;

/** The OpenAPI 3.1 document of this API; `openapi.json` beside package.json is a copy for readers. */
export function apiDocument(): Document {
  made ??= openApiDocument(resources.flat());
  return made;
}

/** The OpenAPI 3.1 document of the given routes. */
function openApiDocument(routes: readonly Route[]): Document {
  const paths: Paths = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'ml-relay',
      version: '1',
      description:
        'Everything about the relay: tenants, sites and agents, connections and integrations, runs and records. ' +
        'Failures are answered as application/problem+json with a stable code and what to do.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  });
}

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong'),
    code: z.string().describe('Stable, for programs'),
    fix: z.string().describe('What to do about it'),
    requestId: z.string().describe('Also in the relay log'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Every field at fault'),
  })
  .meta({ id: 'Problem' });

const csvContent = { 'text/csv': { schema: z.string() } };

function operation(route: Route): Operation {
  const { id, path, summary, description, role, scope, params, query, body, takesCsv, answer, status = 200 } = route;
  const { answerType = 'application/json' } = route;
  const access = `Needs the role ${role}${scope === 'relay' ? ' and a token for all tenants' : ''}.`;
  const header = headersOf(route);
  const requestParams = { ...(params && { path: params }), ...(query && { query }), ...(header && { header }) } as NonNullable<
    Operation['requestParams']
  >;
  return {
    operationId: id,
    tags: [tagOf(path)],
    summary,
    description: description === undefined ? access : `${description}\n\n${access}`,
    requestParams,
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body }, ...(takesCsv && csvContent) } } }),
    responses: {
      [`${status}`]: {
        description: summary,
        ...(route.etag && { headers: z.object({ ETag: etagHeader }) }),
        ...(answer && { content: { [answerType]: { schema: answer } } }),
      },
      default: { description: 'The request failed', content: { 'application/problem+json': { schema: problemSchema } } },
    },
  };
}

const etagHeader = z.string().describe('Send it as If-Match with an edit');

/** Headers that a caller may send along. */
function headersOf(route: Route): z.ZodObject | undefined {
  if (!takesKeys(route)) return undefined;
  return z.object({
    'Idempotency-Key': idempotencyKey,
    ...(route.edits !== undefined && {
      'If-Match': z.string().optional().describe(`ETag of ${route.edits}: 412 when somebody else changed it since`),
    }),
  });
}

const idempotencyKey = z
  .string()
  .optional()
  .meta({ param: { id: 'IdempotencyKey' } })
  .describe('Sent again within 24 hours, the same write is not done again: the first answer is given. 409 for another write');

/** `/tenants/{tenantId}/sites/{siteId}` is about sites. */
function tagOf(path: string): string {
  const words = path.replace(/^\/tenants\/\{tenantId\}\/(?=.)/, '/').split('/');
  return words[1] ?? 'relay';
}
