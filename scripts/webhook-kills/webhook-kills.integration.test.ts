import { builtBundles } from '../acceptance/built-bundles.ts';
import { killWhileReceiving } from './kills.ts';

beforeAll(() => builtBundles(), 120_000);

test('a relay that is killed at any moment has every webhook on disk that it answered 200, and once', async () => {
  const { answered, repeated, lost, twice } = await killWhileReceiving({ kills: 8, seed: 7 });
  expect({ lost, twice }).toEqual({ lost: [], twice: 0 });
  expect(answered).toBeGreaterThan(100);
  expect(repeated).toBeGreaterThan(0);
}, 120_000);
