/**
 * `npm run proto`: makes proto/generated/ from proto/tunnel.proto. With `--check` nothing is written; exits 1 when what the
 * repository holds is not what the source makes.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const source = 'proto/tunnel.proto';
const folder = path.join(root, 'proto/generated');
const pbjs = path.join(root, 'node_modules/protobufjs-cli/bin/pbjs');

/** Messages only: no reflection, no verify and convert helpers (they would be two thirds of the file), no service stubs. */
const options = `--target static-module --wrap esm --es6 --root ml-connector --force-number
  --no-create --no-verify --no-convert --no-delimited --no-typeurl --no-service --no-comments`.split(/\s+/);

const note = `// Made by \`npm run proto\` from ${source}. Do not edit.\n`;
const typings = `${note}/** Typed by proto/codec.ts. */\ndeclare const root: unknown;\nexport default root;\n`;
const javascript = execFileSync(process.execPath, [pbjs, ...options, source], { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 });

const files: Record<string, string> = { 'tunnel.js': note + javascript, 'tunnel.d.ts': typings };
for (const [name, content] of Object.entries(files)) {
  const file = path.join(folder, name);
  if (!process.argv.includes('--check')) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, content);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== content) {
    console.error(`proto/generated/${name} is not what ${source} makes: run "npm run proto" and commit the result.`);
    process.exitCode = 1;
  }
}
