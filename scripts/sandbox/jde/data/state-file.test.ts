import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Database } from './database.ts';
import { StateFile } from './state-file.ts';

test('changes and the day of the seed outlast the process', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'jde-state-'));
  const file = path.join(folder, 'jde.jsonl');
  const seed = {
    F0010: [
      { CO: '00100', NAME: 'Eins' },
      { CO: '00200', NAME: 'Zwei' },
    ],
  };
  const database = new Database(seed, new StateFile(file, '20250304'));
  database.put('F0010', { CO: '00100', NAME: 'Eins & Söhne' });
  database.remove('F0010', { CO: '00200', NAME: 'Zwei' });
  const kept = new StateFile(file, '20250401');
  expect(kept.seededOn).toBe('20250304');
  expect(new Database(seed, kept).table('F0010').rows).toEqual([{ CO: '00100', NAME: 'Eins & Söhne' }]);
  rmSync(folder, { recursive: true });
});
