import type { Clock, Log } from '@ml-connector/shared';
import { installFolder, type AgentSettings } from './config/index.ts';
import type { CredentialStore } from './credentials/index.ts';
import { kindOf, type AgentSystem } from './systems/index.ts';

/** The systems of agent.yaml by name. Nothing is logged on before the first call; closing logs off and ends what runs. */
export interface OpenSystems extends AsyncDisposable {
  all: ReadonlyMap<string, AgentSystem>;
}

export interface OpenSystemsDeps {
  settings: AgentSettings;
  dataDir: string;
  credentials: CredentialStore;
  clock: Clock;
  log: Log;
}

export function openSystems({ settings, dataDir, credentials, clock, log }: OpenSystemsDeps): OpenSystems {
  const all = new Map<string, AgentSystem>();
  for (const [name, own] of Object.entries(settings.systems)) {
    const credential = (): Promise<string | undefined> => credentials.password(name);
    const system = kindOf(own.type).open({
      name,
      settings: own,
      credential,
      dataDir,
      clock,
      log: log.child({ system: name }),
      installDir: installFolder(),
    });
    all.set(name, system);
  }
  return {
    all,
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...all.values()].map((system) => system[Symbol.asyncDispose]()));
    },
  };
}
