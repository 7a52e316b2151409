import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import {
  captureMetadata,
  checkConfig,
  checkPolicy,
  closeEntry,
  describeFailure,
  doctor,
  enrollAgent,
  exitCodes,
  listCredentials,
  listPresets,
  printSchema,
  reloadPolicy,
  removeCredential,
  roleFormats,
  run,
  setCredential,
  setLogLevel,
  showJournal,
  showLogs,
  showPolicy,
  showRole,
  showStatus,
  type CaptureOptions,
  type CheckOptions,
  type CommandIo,
  type DoctorOptions,
  type EnrollOptions,
  type GlobalOptions,
  type JournalOptions,
  type RoleOptions,
  type LogsOptions,
} from './commands/index.ts';
import { logLevels } from './logs/index.ts';
import { agentVersion } from './version.ts';

/** Runs one command and answers the exit code; everything the person needs to read has been written. */
export async function runCommandLine(args: readonly string[], io: CommandIo): Promise<number> {
  let exitCode = 0;
  const program = buildProgram(io, (code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    const failure = describeFailure(error);
    io.stderr.write(`${failure.text}\n`);
    return failure.exitCode;
  }
}

function buildProgram(io: CommandIo, exitWith: (code: number) => void): Command {
  const program = new Command('ml-agent')
    .description('Connects the systems of this network with the relay. Manual: agent/README.md')
    .version(agentVersion)
    .option('--config <file>', 'agent.yaml (default: AGENT_CONFIG, or the usual place)')
    .option('--data-dir <folder>', 'folder of keys, passwords, logs and audit (default: AGENT_DATA_DIR, agent.yaml, or the usual place)')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: (text) => void io.stdout.write(text), writeErr: (text) => void io.stderr.write(text) });
  program
    .command('run')
    .description('run the agent in the foreground')
    .action((_own, command: Command) => run(command.optsWithGlobals<GlobalOptions>(), io));
  program
    .command('enroll [token]')
    .description('make this machine an agent of a relay, with a one-time token of `ml-relay enroll-token`')
    .option('--token <token>', 'the token')
    .option('--token-file <file>', 'file that holds the token; - reads standard input')
    .option('--name <name>', 'name of this agent for people (default: the name of the machine)')
    .action((token: string | undefined, _own, command: Command) => enrollAgent(token, command.optsWithGlobals<EnrollOptions>(), io));
  program
    .command('doctor')
    .description('check everything from here to the relay and to the systems, and say what to do')
    .option('--json', 'findings as JSON')
    .option('--system <name...>', 'only these systems')
    .action(async (_own, command: Command) => exitWith(await doctor(command.optsWithGlobals<DoctorOptions>(), io)));
  program
    .command('status')
    .description('how the running agent is')
    .option('--json', 'as JSON')
    .action((_own, command: Command) => showStatus(command.optsWithGlobals<GlobalOptions>(), io));
  addLogs(program, io);
  addJournal(program, io, exitWith);
  addPolicy(program, io, exitWith);
  addCredentials(program, io);
  program
    .command('capture-metadata')
    .description('write interfaces of function modules and fields of tables of an SAP system as JSON; no business data')
    .requiredOption('--system <name>', 'system of agent.yaml')
    .option('--function <name...>', 'function modules (default: those of the policy)')
    .option('--table <name...>', 'tables (default: those of the policy)')
    .option('--out <file>', 'file to write; - or nothing for standard output')
    .action((_own, command: Command) => captureMetadata(command.optsWithGlobals<CaptureOptions>(), io));
  const config = program.command('config').description('agent.yaml');
  config
    .command('check')
    .description('say whether agent.yaml is good, and everything that is not')
    .action((_own, command: Command) => checkConfig(command.optsWithGlobals<GlobalOptions>(), io));
  config
    .command('schema')
    .description('print the JSON Schema of agent.yaml, for editors')
    .action(() => printSchema(io));
  program
    .command('version')
    .description('version of the agent and of Node.js')
    .action(() => void io.stdout.write(`ml-agent ${agentVersion}, Node.js ${process.versions.node}\n`));
  return program;
}

function addLogs(program: Command, io: CommandIo): void {
  const logs = program
    .command('logs')
    .description('show the log of the agent')
    .option('-f, --follow', 'go on with new lines')
    .option('-n, --lines <count>', 'newest lines to begin with', wholeNumber, 50)
    .addOption(new Option('--level <level>', 'this level and the more severe ones').choices(logLevels))
    .option('--system <name>', 'only lines of this system')
    .option('--record <id>', 'only lines of this record of the relay')
    .option('--call <id>', 'only lines of this call')
    .option('--since <time>', 'a span such as 10m, 2h, 1d, or a time')
    .option('--json', 'the lines as they are in the file')
    .action((_own, command: Command) => showLogs(command.optsWithGlobals<LogsOptions>(), io));
  logs
    .command('level <level>')
    .description('change the level of the running agent until its next start')
    .action((level: string, _own, command: Command) => setLogLevel(level, command.optsWithGlobals<GlobalOptions>(), io));
}

function addJournal(program: Command, io: CommandIo, exitWith: (code: number) => void): void {
  const journal = program
    .command('journal')
    .description('units that were begun in SAP and whose end is not known here; exit code 1 when a crash interrupted one')
    .option('--all', 'finished ones as well')
    .option('--unit <id>', 'only this one, with its outcome')
    .option('-n, --lines <count>', 'newest entries', wholeNumber, 100)
    .option('--json', 'as JSON')
    .action(async (_own, command: Command) => exitWith(await showJournal(command.optsWithGlobals<JournalOptions>(), io)));
  journal
    .command('close <unit>')
    .description('close an interrupted unit after looking into SAP; it is never executed again')
    .action((unit: string, _own, command: Command) => closeEntry(unit, command.optsWithGlobals<GlobalOptions>(), io));
}

function addPolicy(program: Command, io: CommandIo, exitWith: (code: number) => void): void {
  const policy = program.command('policy').description('what the relay may do here');
  policy
    .command('show')
    .description('all that is allowed, with the rule it comes from')
    .option('--system <name>', 'only this system')
    .action((_own, command: Command) => showPolicy(command.optsWithGlobals<GlobalOptions & { system?: string }>(), io));
  policy
    .command('check')
    .description('would this call be allowed? exit code 1 when not')
    .requiredOption('--system <name>', 'system of agent.yaml')
    .option('--function <name>', 'function module')
    .option('--commit', 'as part of a unit that is committed')
    .option('--param <name=value...>', 'parameter values of the call, NAME.FIELD for a structure')
    .option('--table <name>', 'table')
    .option('--fields <names>', 'fields, separated by commas')
    .option('--where <field=values...>', 'conditions of the read, values separated by commas')
    .option('--count', 'count the rows of the table (JD Edwards)')
    .option('--orchestration <name>', 'orchestration (JD Edwards)')
    .action((_own, command: Command) => exitWith(checkPolicy(command.optsWithGlobals<CheckOptions>(), io)));
  policy
    .command('role')
    .description('what the users in SAP and JD Edwards need there for what the policy allows, each with why')
    .option('--system <name>', 'only this system')
    .addOption(new Option('--format <format>', 'for people, as PFCG holds a role, or JSON').choices([...roleFormats]).default('table'))
    .action((_own, command: Command) => showRole(command.optsWithGlobals<RoleOptions>(), io));
  policy
    .command('presets')
    .description('the presets with all that each one allows')
    .action(() => listPresets(io));
  policy
    .command('reload')
    .description('have the running agent read agent.yaml at once; it also notices changes by itself')
    .action((_own, command: Command) => reloadPolicy(command.optsWithGlobals<GlobalOptions>(), io));
}

function addCredentials(program: Command, io: CommandIo): void {
  const credentials = program.command('credentials').description('passwords of the systems, encrypted on this machine');
  credentials
    .command('set <system>')
    .description('store the password of a system; also lets the agent log on again after a refusal')
    .option('--stdin', 'read the password from standard input')
    .action((system: string, _own, command: Command) =>
      setCredential(system, command.optsWithGlobals<GlobalOptions & { stdin?: boolean }>(), io),
    );
  credentials
    .command('list')
    .description('systems with and without a password')
    .action((_own, command: Command) => listCredentials(command.optsWithGlobals<GlobalOptions>(), io));
  credentials
    .command('remove <system>')
    .description('forget the password of a system')
    .action((system: string, _own, command: Command) => removeCredential(system, command.optsWithGlobals<GlobalOptions>(), io));
}

function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
