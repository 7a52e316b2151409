import { createReadStream, existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { AnchorExport } from './anchor.ts';

/** Every anchor is also a line of this file: who can change the database only cannot make anchors be forgotten. */
export function anchorFileOf(dataDir: string): string {
  return path.join(dataDir, 'audit-anchors.jsonl');
}

/** On disk when this resolves. */
export async function appendAnchor(file: string, anchor: AnchorExport): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.appendFile(`${JSON.stringify(anchor)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Hashes of the anchors kept outside, by tenant and number (`ten_… 12`). A line that was cut off by a power loss is left out. */
export async function anchorsIn(file: string): Promise<Map<string, Pick<AnchorExport, 'tenantId' | 'number' | 'day' | 'hash'>>> {
  const anchors = new Map<string, Pick<AnchorExport, 'tenantId' | 'number' | 'day' | 'hash'>>();
  if (!existsSync(file)) return anchors;
  for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
    const anchor = parsed(line);
    if (anchor) anchors.set(`${anchor.tenantId} ${anchor.number}`, anchor);
  }
  return anchors;
}

function parsed(line: string): Pick<AnchorExport, 'tenantId' | 'number' | 'day' | 'hash'> | undefined {
  try {
    const { tenantId, number, day, hash } = JSON.parse(line) as AnchorExport;
    return { tenantId, number, day, hash };
  } catch {
    return undefined;
  }
}
