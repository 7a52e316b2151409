import type { CapabilitiesAnswer, DoctorAnswer, DoctorRequest, OperationName } from '@ml-connector/shared';
import type { IncomingCall } from '@ml-connector/shared/tunnel';
import type { OperationTable, RunOperation } from './calls/index.ts';
import type { CredentialStore } from './credentials/index.ts';
import type { Units } from './journal/index.ts';
import { tailLog, type AgentLog } from './logs/index.ts';
import { unknownSystem } from './policy/index.ts';
import { systemKinds, type AgentSystem } from './systems/index.ts';
import { agentVersion } from './version.ts';

export interface AgentOperationsDeps {
  systems: ReadonlyMap<string, AgentSystem>;
  units: Units;
  credentials: CredentialStore;
  agentLog: AgentLog;
  /** Opens what was sealed to this agent's key for that system. */
  unseal: (sealed: string, system: string) => Promise<string>;
  doctor: (request: DoctorRequest) => Promise<DoctorAnswer>;
}

/** Everything a relay can ask of this agent. */
export function agentOperations(deps: AgentOperationsDeps): OperationTable {
  const { systems, units, credentials, agentLog, unseal, doctor } = deps;
  const table: OperationTable = {
    ...systemOperations({ systems, units }),

    StoreCredential: async ({ system, sealed }) => {
      if (!systems.has(system)) throw unknownSystem(system, [...systems.keys()]);
      await credentials.set(system, await unseal(sealed, system));
      agentLog.log.info({ system }, 'a password was stored that the relay had sealed to this agent');
      return {};
    },

    Doctor: (request) => doctor(request),

    LogTail: async ({ lines, follow, level, system, recordId }, call) => {
      const filter = { level, system, recordId };
      for await (const { fields } of tailLog({ folder: agentLog.folder, filter, lines, follow, signal: call.signal }))
        // What the agent logs about this very call would come back to it for ever.
        if (fields['callId'] !== call.callId) await call.send(fields);
      return {};
    },

    SetLogLevel: ({ level }) => {
      // First, or a level above it would keep the change itself out of the log.
      agentLog.log.warn({ level }, 'the relay changes the log level until the next start');
      agentLog.setLevel(level);
      return Promise.resolve({ level });
    },

    Capabilities: () => Promise.resolve(capabilitiesOf(systems, Object.keys(table))),
  };
  return table;
}

/** Operations of every kind, each with the systems of that kind. */
function systemOperations({ systems, units }: Pick<AgentOperationsDeps, 'systems' | 'units'>): OperationTable {
  const table: { [Name in OperationName]?: RunOperation<Name> } = {};
  for (const kind of systemKinds) {
    const own = new Map([...systems].filter(([, { type }]) => type === kind.type));
    for (const [name, handle] of Object.entries(kind.operations({ systems: own, units })))
      table[name as OperationName] = (_request: unknown, call: IncomingCall) => handle(call);
  }
  return table;
}

function capabilitiesOf(systems: ReadonlyMap<string, AgentSystem>, operations: string[]): CapabilitiesAnswer {
  const described = [...systems.values()].map((system) => {
    const { state, details, problem } = system.info();
    return { name: system.name, type: system.type, details: { state, ...details, ...(problem ? { problem: problem.code } : {}) } };
  });
  return { version: agentVersion, systems: described, operations };
}
