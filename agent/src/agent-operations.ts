import { SystemError, type CapabilitiesAnswer, type DoctorAnswer, type DoctorRequest } from '@ml-connector/shared';
import type { OperationTable } from './calls/index.ts';
import type { CredentialStore } from './credentials/index.ts';
import type { Units } from './journal/index.ts';
import { tailLog, type AgentLog } from './logs/index.ts';
import { sapOperations, type SapSystem } from './systems/sap/index.ts';
import { agentVersion } from './version.ts';

export interface AgentOperationsDeps {
  systems: ReadonlyMap<string, SapSystem>;
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
  const sap = sapOperations({ systems, units });
  const table: OperationTable = {
    SapTableRead: (_request, call) => sap.SapTableRead(call),
    SapUnit: (_request, call) => sap.SapUnit(call),
    SapDescribe: (_request, call) => sap.SapDescribe(call),

    StoreCredential: async ({ system, sealed }) => {
      if (!systems.has(system)) throw unknownSystem(system, systems);
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

function capabilitiesOf(systems: ReadonlyMap<string, SapSystem>, operations: string[]): CapabilitiesAnswer {
  const described = [...systems.values()].map((system) => {
    const { state, sdkVersion, moduleVersion, problem } = system.info();
    const details = { state, sdk: sdkVersion, nodeRfc: moduleVersion, problem: problem?.code };
    return { name: system.name, type: 'sap-ecc' as const, details: withoutEmpty(details) };
  });
  return { version: agentVersion, systems: described, operations };
}

function withoutEmpty(details: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(details).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function unknownSystem(system: string, systems: ReadonlyMap<string, SapSystem>): SystemError {
  const known = [...systems.keys()].join(', ') || 'none';
  return new SystemError('SYSTEM_UNKNOWN', 'refused', `agent.yaml has no system named ${JSON.stringify(system)}`, {
    fix: `Systems there: ${known}.`,
  });
}
