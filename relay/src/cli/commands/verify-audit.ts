import { existsSync } from 'node:fs';
import { isConfigError, systemClock } from '@ml-connector/shared';
import { type Command, InvalidArgumentError } from 'commander';
import { anchorFileOf, relayTrail, verifyAudit, type AuditReport } from '../../audit/index.ts';
import { openStore, type Store } from '../../store/index.ts';
import { openVault } from '../../vault/index.ts';
import { UsageError } from '../failure.ts';
import type { CommandLineIo } from '../io.ts';
import { tableText } from '../table.ts';
import { configOf } from './local.ts';

interface Options {
  tenant?: string;
  since?: number;
  anchors?: string;
  json?: boolean;
}

/** Reads the database itself, whether the relay runs or not. Exit code 0: intact, 1: faults found, 2: it could not be verified. */
export function addVerifyAudit(program: Command, io: CommandLineIo): void {
  program
    .command('verify-audit')
    .description('look whether the audit trail is as it was written; exit code 0: it is, 1: it is not, 2: that could not be found out')
    .option('--tenant <name>', 'only this tenant, by name or id')
    .option('--since <day>', 'only faults of that day and later: 2026-05-31', dayStart)
    .option('--anchors <file>', 'anchors kept outside (default: audit-anchors.jsonl of the data folder)')
    .action(async (options: Options, command: Command) => {
      const report = await verify(options, command, io).catch((error: unknown) => {
        if (isConfigError(error)) throw error;
        throw new UsageError(
          `the audit trail could not be verified: ${error instanceof Object && 'message' in error ? String(error.message) : String(error)}`,
        );
      });
      const { json } = command.optsWithGlobals<Options>();
      io.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${textOf(report)}\n`);
      if (report.faultCount > 0) throw new AuditDamaged(report.faultCount);
    });
}

/** Exit code 1, after all that was found has been written. */
class AuditDamaged extends Error {
  constructor(faults: number) {
    super(`${faults} faults in the audit trail`);
  }
}

async function verify({ tenant, since, anchors }: Options, command: Command, io: CommandLineIo): Promise<AuditReport> {
  const { database, dataDir, masterKeyFile, masterKeys } = configOf(command, io);
  if (database.file !== undefined && !existsSync(database.file)) throw new Error(`there is no database ${database.file}`);
  if (masterKeys === undefined && !existsSync(masterKeyFile)) throw new Error(`there is no master key ${masterKeyFile}`);
  if (anchors !== undefined && !existsSync(anchors)) throw new Error(`there is no file ${anchors}`);
  await using store = await openStore(database);
  return await verifyAudit({
    store,
    vault: openVault(masterKeys === undefined ? { file: masterKeyFile } : { keys: masterKeys }),
    clock: systemClock,
    tenantId: await tenantIdOf(store, tenant),
    since,
    anchorFile: anchors ?? anchorFileOf(dataDir),
    signal: io.signal,
    onProgress: (events) => {
      if (events % 100_000 === 0) io.stderr.write(`${events} events\n`);
    },
  });
}

async function tenantIdOf(store: Store, tenant: string | undefined): Promise<string | undefined> {
  if (tenant === undefined || tenant === relayTrail) return tenant;
  const row = await store.db
    .selectFrom('tenant')
    .select('id')
    .where((one) => one.or([one('id', '=', tenant), one('name', '=', tenant)]))
    .executeTakeFirst();
  if (!row) throw new Error(`there is no tenant "${tenant}"`);
  return row.id;
}

function dayStart(text: string): number {
  const at = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at)) return at;
  throw new InvalidArgumentError('must be a day: 2026-05-31');
}

function textOf({ events, chains, anchors, anchoredThrough, faultCount, faults }: AuditReport): string {
  const through = anchoredThrough === null ? 'nothing is anchored yet' : `anchored until ${new Date(anchoredThrough).toISOString()}`;
  const looked = `${events} events in ${chains} trails, ${anchors} anchors; ${through}`;
  if (faultCount === 0) return `intact: ${looked}`;
  const rows = faults.map(({ tenantId, subjectId, seq, fault, day, detail }) => ({
    tenant: tenantId,
    subject: subjectId ?? 'anchor',
    seq,
    day,
    fault,
    detail,
  }));
  const more = faultCount > faults.length ? `\nand ${faultCount - faults.length} more` : '';
  return `DAMAGED: ${faultCount} faults in ${looked}\n${tableText(rows)}${more}`;
}
