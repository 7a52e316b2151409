import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { runChild, startChild, type Child } from './child.ts';
import { nodeFlags, repository } from './relay-process.ts';

export const agentBundle = path.join(repository, 'agent/dist/agent.cjs');

export interface AgentSettings {
  dataDir: string;
  /** SAP system by name: the keys of agent.yaml. */
  systems: Record<string, Record<string, unknown>>;
  policy: Record<string, unknown>;
  logLevel?: string;
  /** Default: where the build leaves it. */
  bundle?: string | undefined;
  env?: Record<string, string> | undefined;
}

/** A machine in the customer's network with the agent on it. */
export interface AgentMachine {
  readonly dataDir: string;
  readonly configFile: string;
  /** Runs one command of `ml-agent` to its end and answers what it printed; rejects on an exit code other than 0. */
  command(args: string[], input?: string): Promise<string>;
  /** Starts `ml-agent run`. */
  start(onLine?: (line: string) => void): Child;
  /** What `start` began last; it may have ended. */
  readonly running: Child | undefined;
}

export function prepareAgent({ dataDir, systems, policy, logLevel = 'info', bundle = agentBundle, env = {} }: AgentSettings): AgentMachine {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const configFile = path.join(dataDir, 'agent.yaml');
  writeFileSync(configFile, stringify({ logs: { level: logLevel }, systems, policy }));
  const base = [...nodeFlags, bundle, '--config', configFile, '--data-dir', dataDir];
  let running: Child | undefined;
  return {
    dataDir,
    configFile,
    command: (args, input) => runChild({ name: 'ml-agent', args: [...base, ...args], ...(input === undefined ? {} : { input }) }),
    start: (onLine) => (running = startChild({ name: 'ml-agent', args: [...base, 'run'], env, ...(onLine ? { onLine } : {}) })),
    get running() {
      return running;
    },
  };
}
