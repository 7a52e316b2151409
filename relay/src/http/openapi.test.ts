import { readFileSync } from 'node:fs';
import path from 'node:path';
import { apiDocument } from './openapi.ts';
import { resources } from './resources/index.ts';

const document = apiDocument();
const routes = resources.flat();
const file = path.resolve(import.meta.dirname, '../../openapi.json');

test('relay/openapi.json is up to date; make it with: ml-relay openapi > relay/openapi.json', () => {
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
});

test('every route is in the document, and nothing else', () => {
  const documented = Object.entries(document.paths ?? {}).flatMap(([at, item]) => Object.keys(item).map((method) => `${method} ${at}`));
  expect(documented.toSorted()).toEqual(routes.map(({ method, path: at }) => `${method} ${at}`).toSorted());
});

test('every id, method and path is there once', () => {
  expect(new Set(routes.map(({ id }) => id)).size).toBe(routes.length);
  expect(new Set(routes.map(({ method, path: at }) => `${method} ${at}`)).size).toBe(routes.length);
});

test.each(routes.map((route) => [route.id, route] as const))('%s declares all its path names and what it answers', (_id, route) => {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const declared = Object.keys((route.params as { shape?: object } | undefined)?.shape ?? {});
  expect(declared.toSorted()).toEqual(inPath.toSorted());
  expect(route.answer === undefined).toBe(route.status === 204);
});

test('secrets are marked as write-only and never in an answer', () => {
  const text = JSON.stringify(document.components);
  expect(text).not.toContain('"password"');
  expect(text).not.toContain('token_hash');
});
