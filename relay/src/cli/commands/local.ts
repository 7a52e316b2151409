import { createLog, systemClock } from '@ml-connector/shared';
import type { Command } from 'commander';
import { readRelayConfig, relayConfigJsonSchema, type RelayConfig } from '../../config/index.ts';
import { apiDocument, auditLocally } from '../../http/index.ts';
import { databaseName, openStore, rewriteSecrets } from '../../store/index.ts';
import { rotateMasterKey } from '../../vault/index.ts';
import { UsageError } from '../failure.ts';
import type { CommandLineIo, GlobalOptions } from '../io.ts';

/** Commands that work on the data folder itself rather than through the relay's API. */
export function addLocal(program: Command, io: CommandLineIo): void {
  program
    .command('serve')
    .description('run the relay in the foreground')
    .action((_own, command: Command) => serve(configOf(command, io), io));
  program
    .command('migrate')
    .description('bring the database to the level of this build; serve does so by itself')
    .action((_own, command: Command) => migrate(configOf(command, io), io));
  program
    .command('keys')
    .description('the master key that encrypts secrets at rest')
    .command('rotate')
    .description('make a new master key and encrypt everything under it; the relay may run meanwhile')
    .action((_own, command: Command) => rotate(configOf(command, io), io));
  const config = program.command('config').description('relay.yaml and ML_RELAY_* variables');
  config
    .command('check')
    .description('say whether the configuration is good, and everything that is not')
    .action((_own, command: Command) => {
      const { dataDir } = configOf(command, io);
      io.stdout.write(`the configuration is good; data folder ${dataDir}\n`);
    });
  config
    .command('schema')
    .description('print the JSON Schema of relay.yaml, for editors')
    .action(() => void io.stdout.write(`${JSON.stringify(relayConfigJsonSchema(), null, 2)}\n`));
  program
    .command('openapi')
    .description('print the OpenAPI 3.1 document of the API')
    .action(() => void io.stdout.write(`${JSON.stringify(apiDocument(), null, 2)}\n`));
}

/** The configuration that the options of a command name. */
export function configOf(command: Command, { env, cwd }: CommandLineIo): RelayConfig {
  const { dataDir, config } = command.optsWithGlobals<GlobalOptions>();
  return readRelayConfig({ env, cwd, dataDir, configFile: config });
}

async function serve(config: RelayConfig, io: CommandLineIo): Promise<void> {
  const log = createLog({ level: config.logs.level, component: 'relay' }, io.stdout);
  await io.serve({ config, log, announce: (line) => void io.stderr.write(`${line}\n`) }, io.signal);
}

async function migrate({ database }: RelayConfig, io: CommandLineIo): Promise<void> {
  await using store = await openStore(database);
  const { level } = await store.db
    .selectFrom('migration')
    .select(({ fn }) => fn.max('number').as('level'))
    .executeTakeFirstOrThrow();
  io.stdout.write(`${databaseName(database)} is at level ${level}\n`);
}

async function rotate({ database, masterKeyFile, masterKeys }: RelayConfig, io: CommandLineIo): Promise<void> {
  if (masterKeys !== undefined)
    throw new UsageError(
      'the master key comes from ML_RELAY_MASTER_KEY; put a new key in front of the old one there, separated by a comma, and start the relay anew',
    );
  await using store = await openStore(database);
  const { keyId, secrets } = await auditLocally({ store, clock: systemClock }, 'keys.rotate', () =>
    rotateMasterKey(masterKeyFile, (change) => rewriteSecrets(store, change)),
  );
  io.stdout.write(`${secrets} secrets are encrypted under the new master key ${keyId} in ${masterKeyFile}; back that file up\n`);
}
