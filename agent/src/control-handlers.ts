import {
  doctor as doctorRequest,
  isConfigError,
  setLogLevel,
  SystemError,
  type DoctorAnswer,
  type DoctorRequest,
} from '@ml-connector/shared';
import { z } from 'zod';
import type { LiveSettings } from './config/index.ts';
import type { ControlHandlers } from './control/index.ts';
import type { CredentialStore } from './credentials/index.ts';
import type { Units } from './journal/index.ts';
import type { AgentLog } from './logs/index.ts';
import type { AgentStatus } from './status.ts';
import type { AgentSystem } from './systems/index.ts';
import type { TunnelStatus } from './tunnel/index.ts';
import { agentVersion } from './version.ts';

export interface ControlHandlerDeps {
  live: LiveSettings;
  agentLog: AgentLog;
  credentials: CredentialStore;
  doctor: (request: DoctorRequest) => Promise<DoctorAnswer>;
  systems: ReadonlyMap<string, AgentSystem>;
  units: Units;
  tunnel: () => TunnelStatus | undefined;
  about: Pick<AgentStatus, 'agentId' | 'relayUrl' | 'startedAt'>;
}

/** What the command line can ask of this running agent. */
export function controlHandlers({
  live,
  agentLog,
  credentials,
  doctor,
  systems,
  units,
  tunnel,
  about,
}: ControlHandlerDeps): ControlHandlers {
  return {
    status: () =>
      Promise.resolve({
        ...about,
        version: agentVersion,
        pid: process.pid,
        tunnel: describeTunnel(tunnel()),
        systems: [...systems.values()].map(describeSystem),
        units: units.status(),
        logLevel: agentLog.level(),
      } satisfies AgentStatus),
    'log-level': (argument) => {
      const { level } = setLogLevel.parse(argument);
      agentLog.setLevel(level);
      return Promise.resolve({ level });
    },
    'reload-policy': () => {
      try {
        return Promise.resolve(live.reload());
      } catch (error) {
        return Promise.reject(isConfigError(error) ? badFile(error.message) : error);
      }
    },
    'credentials-changed': (argument) => {
      credentials.changed(z.string().parse(argument));
      return Promise.resolve({});
    },
    units: () => Promise.resolve(units.status()),
    doctor: (argument) => doctor(doctorRequest.parse(argument)),
  };
}

function describeTunnel(status: TunnelStatus | undefined): AgentStatus['tunnel'] {
  if (!status || status.kind === 'connecting') return { state: 'connecting', detail: undefined };
  if (status.kind === 'connected') return { state: 'up', detail: `session ${status.sessionId}` };
  if (status.kind === 'draining') return { state: 'moving', detail: status.reason };
  const next = status.nextTryMs === undefined ? 'not tried again' : `next try in ${Math.ceil(status.nextTryMs / 1000)} s`;
  return { state: status.kind === 'lost' ? 'down' : 'refused', detail: `${status.reason} (${status.code}), ${next}` };
}

function describeSystem(system: AgentSystem): AgentStatus['systems'][number] {
  const { state, problem } = system.info();
  return { name: system.name, type: system.type, state, problem: problem?.message };
}

function badFile(problems: string): SystemError {
  return new SystemError('CONFIG_INVALID', 'refused', `the policy stays as it was, because agent.yaml has problems:\n${problems}`);
}
