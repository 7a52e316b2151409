import type { Clock, Log, SystemError } from '@ml-connector/shared';

/** One system of agent.yaml, whatever it is. Nothing is logged on before the first call; disposing logs off and ends what runs. */
export interface AgentSystem extends AsyncDisposable {
  readonly name: string;
  readonly type: 'sap-ecc' | 'jde';
  info(): AgentSystemInfo;
}

export interface AgentSystemInfo {
  state: 'idle' | 'running' | 'restarting' | 'halted';
  problem: SystemError | undefined;
  /** For people, by name: versions, environment. */
  details: Record<string, string>;
}

/** What every system is opened with. */
export interface AgentSystemDeps<Settings> {
  name: string;
  settings: Settings;
  /** The password as it is now; undefined when none was stored. */
  credential(): Promise<string | undefined>;
  /** Holds the logon guard's file and what else the system keeps. */
  dataDir: string;
  /** Folder of the installed agent, for what may stand beside it. */
  installDir?: string | undefined;
  clock: Clock;
  log: Log;
}
