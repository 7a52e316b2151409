import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type YAMLError } from 'yaml';
import { configSentence } from './config-sentence.ts';

export interface ConfigProblem {
  file: string;
  /** First line is 1; undefined when the file itself cannot be read. */
  line: number | undefined;
  /** `systems.PRD.ashost`; empty for the file as a whole. */
  path: string;
  /** A plain sentence; values of the file are never repeated in it, except words of a closed list. */
  message: string;
}

/** A configuration that cannot be used; `problems` holds everything that is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG_INVALID';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

export function isConfigError(error: unknown): error is ConfigError {
  return error instanceof Object && 'code' in error && error.code === 'CONFIG_INVALID';
}

/** `agent.yaml:12: systems.PRD.ashots is not known; did you mean "ashost"?` */
export function describeProblem({ file, line, path, message }: ConfigProblem): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${path ? `${path} ` : ''}${message}`;
}

/** Reads and checks a YAML file against a schema of strict objects; throws a ConfigError that lists every problem at once. */
export function loadConfig<Schema extends z.ZodType>({ file, schema }: { file: string; schema: Schema }): z.output<Schema> {
  return parseConfig({ text: readText(file), file, schema });
}

/** The same for text that was read already; `file` is only named in problems. */
export function parseConfig<Schema extends z.ZodType>(input: { text: string; file: string; schema: Schema }): z.output<Schema> {
  const { text, file, schema } = input;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  if (document.errors.length > 0) throw new ConfigError(document.errors.map((error) => yamlProblem({ error, file, lines })));
  const result = schema.safeParse(toValue(document, file), { error: configSentence });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap(spread).map(({ path, message }) => ({
    file,
    line: lineOf({ document, path, lines }),
    path: path.join('.'),
    message,
  }));
  throw new ConfigError(problems.toSorted((a, b) => a.line - b.line));
}

/** JSON Schema of a configuration file, for editors; defaults stay optional. */
export function configJsonSchema(schema: z.ZodType, title: string): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-07', unrepresentable: 'any' });
  return { $schema, title, ...rest };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? 'does not exist' : `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
    throw new ConfigError([{ file, line: undefined, path: '', message }]);
  }
}

/** yaml's own messages may quote the text, and the text may be a password; the code says enough. */
function yamlProblem({ error, file, lines }: { error: YAMLError; file: string; lines: LineCounter }): ConfigProblem {
  const sentences: Partial<Record<YAMLError['code'], string>> = {
    TAB_AS_INDENT: 'is indented with a tab; YAML wants spaces',
    BAD_INDENT: 'is indented differently from its neighbours',
    DUPLICATE_KEY: 'has the same key twice in one block',
    MULTILINE_IMPLICIT_KEY: 'misses a colon, or a value runs over several lines without quotes',
    BLOCK_AS_IMPLICIT_KEY: 'has a nested block where a single value is expected; check the indentation of the next lines',
    MISSING_CHAR: 'misses a closing quote, bracket or brace',
    BAD_SCALAR_START: 'begins with a character that YAML reserves; put the value in quotes',
    UNEXPECTED_TOKEN: 'has something after the value; put the value in quotes',
    MULTIPLE_DOCS: 'begins a second document; keep one per file',
    NON_STRING_KEY: 'has a key that is not text; put it in quotes',
  };
  const message = `this line ${sentences[error.code] ?? `is not valid YAML (${error.code}); a value with special characters needs quotes`}`;
  return { file, line: lines.linePos(error.pos[0]).line, path: '', message };
}

function toValue(document: Document.Parsed, file: string): unknown {
  try {
    // An empty file is an empty configuration: the schema then says what is missing.
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    const message = 'a value begins with * and is taken for a YAML alias; put it in quotes';
    throw new ConfigError([{ file, line: undefined, path: '', message }]);
  }
}

interface Flat {
  path: PropertyKey[];
  message: string;
}

/** One problem per unknown key, and those of the alternative that fits best in place of "no alternative fits". */
function spread(issue: z.core.$ZodIssue): Flat[] {
  if (issue.code === 'unrecognized_keys') {
    const sentences = issue.message.split('\n');
    return issue.keys.map((key, index) => ({ path: [...issue.path, key], message: sentences[index] ?? 'is not known' }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [closest] = issue.errors.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length);
    if (closest && depth(closest) > 0)
      return closest.flatMap(spread).map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
  }
  return [{ path: issue.path, message: issue.message }];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.min(...issues.map(({ path, code }) => path.length + (code === 'unrecognized_keys' ? 1 : 0)));
}

/** Line of the key, or of the nearest block around a key that is missing. */
function lineOf({ document, path, lines }: { document: Document.Parsed; path: PropertyKey[]; lines: LineCounter }): number {
  let offset = document.contents?.range[0] ?? 0;
  let node: unknown = document.contents;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      if (!pair || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (isScalar(item) || isMap(item) || isSeq(item)) offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return lines.linePos(offset).line;
}
