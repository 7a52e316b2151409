import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Check, CheckResult } from '../checks/index.ts';

/** The data folder: there, writable for this user, closed to others. */
export function dataDirCheck(dataDir: string): Check {
  return { name: 'data-dir', run: () => Promise.resolve(inspectDataDir(dataDir)) };
}

function inspectDataDir(dataDir: string): CheckResult {
  if (!existsSync(dataDir))
    return {
      result: 'failed',
      detail: `${dataDir} does not exist`,
      fix: '`ml-agent enroll` makes it; dataDir in agent.yaml or --data-dir names another one.',
    };
  const probe = path.join(dataDir, `.doctor-${process.pid}`);
  try {
    writeFileSync(probe, 'writable', { flush: true });
    rmSync(probe);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOSPC'
      ? { result: 'failed', detail: `the disk of ${dataDir} is full`, fix: 'Free some space; old logs and audit files may go.' }
      : {
          result: 'failed',
          detail: `${dataDir} is not writable (${code ?? 'unknown error'})`,
          fix: 'Give the folder to the user the agent runs as.',
        };
  }
  // Windows keeps access lists that the mode does not show; the installer sets them.
  if (process.platform !== 'win32' && (statSync(dataDir).mode & 0o077) !== 0)
    return { result: 'warning', detail: `${dataDir} can be entered by other users`, fix: `chmod 700 ${dataDir}` };
  return { result: 'ok', detail: dataDir };
}
