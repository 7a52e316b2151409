import { readText } from './read-text.ts';

const text = 'ZB30;30 Tage für 北京';
const units = Array.from(`\ufeff${text}`, (character) => character.codePointAt(0) ?? 0);

test.each([
  ['UTF-8', [...new TextEncoder().encode(text)]],
  ['UTF-8 with a mark', [...new TextEncoder().encode(`\ufeff${text}`)]],
  ['UTF-16 as Excel writes it', units.flatMap((unit) => [unit & 0xff, unit >> 8])],
  ['UTF-16, the other way round', units.flatMap((unit) => [unit >> 8, unit & 0xff])],
])('%s', async (_what, bytes) => {
  expect(await readText(new Blob([new Uint8Array(bytes)]))).toBe(text);
});

test("umlauts of Windows' own code page", async () => {
  expect(await readText(new Blob([new Uint8Array([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72, 0x3b, 0xc4])]))).toBe('Müller;Ä');
});
