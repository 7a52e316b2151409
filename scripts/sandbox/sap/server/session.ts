/** One TCP connection: one ABAP session with its user and its logical unit of work. */
import { setTimeout as wait } from 'node:timers/promises';
import { describeFunction, initialValue, structureOf, type FunctionDefinition, type ParameterDefinition } from '../dictionary/index.ts';
import {
  functionModules,
  functionNotFound,
  isPacked,
  type PackedRows,
  type Session,
  type Structure,
  type Value,
} from '../functions/index.ts';
import type { SapSystemParts } from '../parts.ts';
import { logonFailure, RfcError, shortDump, type RfcErrorInfo } from '../rfc-error.ts';
import { requireFunction } from '../users.ts';
import type { CallCounts } from './counts.ts';

export type Request =
  | { op: 'open'; parameters: Record<string, string> }
  | { op: 'ping' }
  | { op: 'reset' }
  | { op: 'describe'; name: string }
  | { op: 'invoke'; name: string; inputs: Structure; inactive: string[] };

export interface Reply {
  message: Record<string, unknown>;
  blocks: PackedRows[];
  /** The session is over once this was sent. */
  ends: boolean;
}

/** The answer, or `cut` when the connection is to break without one. */
export type Outcome = Reply | 'cut';

let conversations = 10_000_000;

export class AbapSession {
  private readonly system: SapSystemParts;
  private readonly counts: CallCounts;
  private session: Session | undefined;
  private isOver = false;

  constructor(system: SapSystemParts, counts: CallCounts) {
    this.system = system;
    this.counts = counts;
  }

  /** Whatever was not committed is gone. */
  end(): void {
    this.isOver = true;
    if (this.session) this.system.locks.endUnit(this.session, false);
  }

  async handle(request: Request): Promise<Outcome> {
    try {
      return await this.answer(request);
    } catch (error) {
      if (!(error instanceof RfcError)) throw error;
      if (error.endsSession) this.end();
      return reply({ error: error.info satisfies RfcErrorInfo, close: error.endsSession }, [], error.endsSession);
    }
  }

  private async answer(request: Request): Promise<Outcome> {
    if (request.op === 'open') return this.open(request.parameters);
    const { session } = this;
    if (!session) throw logonFailure('No logon');
    switch (request.op) {
      case 'ping':
        return this.invoke(session, { op: 'invoke', name: 'RFC_PING', inputs: {}, inactive: [] });
      case 'reset':
        this.system.locks.endUnit(session, false);
        return reply({});
      case 'describe':
        return this.describe(session, request.name);
      case 'invoke':
        return this.invoke(session, request);
    }
  }

  private open(parameters: Record<string, string>): Reply {
    const { identity, users, faults } = this.system;
    this.counts.logons++;
    const refused = faults.hit('no-logon');
    if (refused) throw logonFailure(refused.message);
    const { client = '', user = '', passwd = '', lang = 'E' } = parameters;
    if (client !== identity.client) throw logonFailure(`Client ${client} is not available in this system`);
    const language = lang.length === 2 ? ({ EN: 'E', DE: 'D' }[lang.toUpperCase()] ?? 'E') : lang;
    this.session = { user: users.logOn(user, passwd), language, updates: [] };
    const { passwd: _, ...shown } = parameters;
    this.counts.parameters = shown;
    return reply({ attributes: this.attributes(user, language) });
  }

  private attributes(user: string, language: string): Record<string, string> {
    const { sid, client, sysnr, host } = this.system.identity;
    return {
      host: 'agent',
      partnerHost: host,
      sysNumber: sysnr,
      sysId: sid,
      client,
      user: user.toUpperCase(),
      language,
      isoLanguage: language === 'D' ? 'DE' : 'EN',
      codepage: '4103',
      partnerCodepage: '4103',
      rfcRole: 'C',
      type: 'E',
      partnerType: '3',
      rel: '753',
      partnerRel: '731',
      kernelRel: '753',
      cpicConvId: String(++conversations),
      progName: 'SAPLSYST',
      partnerIP: '127.0.0.1',
    };
  }

  /** The library reads an interface with RFC_GET_FUNCTION_INTERFACE and DDIF_FIELDINFO_GET, so the user needs both. */
  private describe(session: Session, name: string): Reply {
    for (const reader of ['RFC_GET_FUNCTION_INTERFACE', 'DDIF_FIELDINFO_GET']) this.authorized(session, reader);
    const definition = this.system.functions.get(name);
    if (!definition) throw functionNotFound(name);
    return reply({ function: describeFunction(definition) });
  }

  private async invoke(session: Session, { name, inputs, inactive }: Extract<Request, { op: 'invoke' }>): Promise<Outcome> {
    const { faults } = this.system;
    const definition = this.authorized(session, name);
    const leave = this.counts.enter(name);
    try {
      if (faults.hitCall('cut', name, ({ when }) => when === 'before')) return 'cut';
      const slow = faults.hitCall('slow', name, ({ when }) => when !== 'after');
      if (slow) await wait(slow.ms, undefined, { ref: false });
      if (faults.hit('busy', ({ above }) => this.counts.running > above)) {
        throw shortDump('SYSTEM_FAILURE', 'No free dialog work process for the RFC call');
      }
      const dump = faults.hitCall('dump', name);
      if (dump) throw shortDump(dump.key, dump.message);
      const outputs = await this.run(session, definition, inputs, inactive);
      const lingering = faults.hitCall('slow', name, ({ when }) => when === 'after');
      if (lingering) await wait(lingering.ms, undefined, { ref: false });
      return faults.hitCall('cut', name, ({ when }) => when === 'after') ? 'cut' : outputs;
    } finally {
      leave();
      // The line broke while it ran.
      if (this.isOver) this.system.locks.endUnit(session, false);
    }
  }

  private authorized(session: Session, name: string): FunctionDefinition {
    const definition = this.system.functions.get(name);
    if (!definition) throw functionNotFound(name);
    requireFunction(session.user, name, definition.group);
    return definition;
  }

  private async run(session: Session, definition: FunctionDefinition, inputs: Structure, inactive: string[]): Promise<Reply> {
    const module = functionModules[definition.name];
    if (!module) throw new Error(`function ${definition.name} is in the catalogue but has no code`);
    const given = { ...defaultsOf(definition), ...inputs };
    const outputs = await module({ definition, inputs: given, session, system: this.system });
    const blocks: PackedRows[] = [];
    const message: Record<string, unknown> = {};
    for (const [parameter, value] of Object.entries(outputs)) {
      if (inactive.includes(parameter)) continue;
      message[parameter] = isPacked(value) ? { block: blocks.push(value) - 1 } : value;
    }
    return reply({ outputs: message }, blocks);
  }
}

function reply(message: Record<string, unknown>, blocks: PackedRows[] = [], ends = false): Reply {
  return { message, blocks, ends };
}

function defaultsOf({ parameters }: FunctionDefinition): Structure {
  return Object.fromEntries(parameters.filter(({ direction }) => direction !== 'EXPORT').map((one) => [one.name, defaultOf(one)]));
}

function defaultOf({ name, type, length = 0, default: given, like = '', direction }: ParameterDefinition): Value {
  if (given !== undefined) return given;
  if (type) return initialValue({ name, type, length });
  if (direction === 'TABLES') return [];
  return Object.fromEntries((structureOf(like)?.fields ?? []).map((field) => [field.name, initialValue(field)]));
}
