import { encodings } from '@ml-connector/proto';
import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { zstdCoder } from './chunk-coder.ts';

const rows = Buffer.from(
  JSON.stringify(Array.from({ length: 1000 }, (_, i) => ['100', String(1_900_000_000 + i), 'Müller & Söhne', '广州有限公司'])),
);

test('a chunk of rows shrinks and comes back as it was', async () => {
  const coder = zstdCoder();
  const encoded = await coder.encode(rows);
  expect(encoded.encoding).toBe(encodings.zstd);
  expect(encoded.bytes.length).toBeLessThan(rows.length / 4);
  expect(Buffer.from(await coder.decode({ ...encoded, rawBytes: rows.length })).equals(rows)).toBe(true);
});

test('a chunk comes back whatever length it packs to, also the one that fills its buffer to the last byte', async () => {
  const coder = zstdCoder();
  const noise = randomBytes(4000);
  for (let length = 3940; length <= 4000; length++) {
    const raw = Buffer.concat([noise.subarray(0, length), Buffer.alloc(8000 - length)]);
    expect(raw.equals(await coder.decode({ ...(await coder.encode(raw)), rawBytes: raw.length }))).toBe(true);
  }
});

test.each([
  ['a small one', rows.subarray(0, 500)],
  ['one that does not shrink', randomBytes(50_000)],
])('%s goes as it is', async (_what, raw) => {
  await expect(zstdCoder().encode(raw)).resolves.toEqual({ bytes: raw, encoding: encodings.none });
});

test.each([
  ['that is cut', zstdCompressSync(rows).subarray(0, -20), rows.length],
  ['that unpacks to less than it says', zstdCompressSync(rows), rows.length + 1],
  ['that unpacks to more than it says', zstdCompressSync(Buffer.alloc(50 << 20)), 1000],
  ['that is damaged', Buffer.concat([zstdCompressSync(rows).subarray(0, 100), Buffer.alloc(50)]), rows.length],
  ['that is something else', Buffer.from('not zstd at all'), 100],
])('a chunk %s is refused', async (_what, bytes, rawBytes) => {
  await expect(zstdCoder().decode({ bytes, encoding: encodings.zstd, rawBytes })).rejects.toMatchObject({
    code: 'CHUNK_DAMAGED',
    verdict: 'uncertain',
    fix: expect.stringContaining('proxy') as string,
  });
});

test('many at once all get their turn', async () => {
  const coder = zstdCoder({ atOnce: 2 });
  const all = await Promise.all(Array.from({ length: 50 }, () => coder.encode(rows)));
  expect(new Set(all.map(({ bytes }) => bytes.length)).size).toBe(1);
});

test('chunks are unpacked in their order; a damaged one harms no other', async () => {
  const coder = zstdCoder();
  const zstd = { bytes: zstdCompressSync(rows), encoding: encodings.zstd, rawBytes: rows.length };
  const damaged = { ...zstd, bytes: zstd.bytes.subarray(0, -20) };
  const outcomes = await Promise.allSettled([zstd, damaged, zstd, zstd, damaged, zstd].map((chunk) => coder.decode(chunk)));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  for (const outcome of outcomes) if (outcome.status === 'fulfilled') expect(rows.equals(outcome.value)).toBe(true);
});

test('a chunk of many output buffers comes back as one', async () => {
  const big = Buffer.alloc(3_000_001, 'Müller & Söhne ');
  const coder = zstdCoder();
  const decoded = await coder.decode({ ...(await coder.encode(big)), rawBytes: big.length });
  expect(big.equals(decoded)).toBe(true);
});
