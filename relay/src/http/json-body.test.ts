import { parseJson } from './json-body.ts';

test('the place of a fault is looked for in small bodies only: in large ones that would hold up everybody else', () => {
  expect(() => parseJson(`${'['.repeat(50_000)}x`)).toThrow('the body is not valid JSON at line 1, column 50001');
  expect(() => parseJson(`${'['.repeat(150_000)}x`)).toThrow(/^the body is not valid JSON$/);
});
