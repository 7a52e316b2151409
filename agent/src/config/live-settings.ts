import { statSync } from 'node:fs';
import { isConfigError, loadConfig, type Log } from '@ml-connector/shared';
import type { Policy } from '../policy/index.ts';
import { policyOf } from '../systems/index.ts';
import { agentSettings, type AgentSettings } from './schema.ts';

/** The policy as agent.yaml has it now. Only that file changes it. */
export interface LiveSettings extends Disposable {
  policy(): Policy;
  /** Reads the file again. Throws a ConfigError when it is not good; the policy before then stays. Answers what waits for a restart. */
  reload(): { restartNeededFor: string[] };
}

export interface LiveSettingsDeps {
  file: string;
  /** What the agent was started with. */
  settings: AgentSettings;
  log: Log;
  /** How often the file is looked at. A stat works on every file system, and with editors that replace the file. */
  lookEveryMs?: number;
}

/** Watches agent.yaml and takes over a changed policy; a bad file is reported with every problem and changes nothing. */
export function watchSettings({ file, settings, log, lookEveryMs = 2000 }: LiveSettingsDeps): LiveSettings {
  let policy = policyOf(settings);
  let policyText = JSON.stringify(settings.policy);

  const reload = (): { restartNeededFor: string[] } => {
    const next = loadConfig({ file, schema: agentSettings });
    const nextText = JSON.stringify(next.policy);
    if (nextText !== policyText) {
      policy = policyOf(next);
      policyText = nextText;
      log.info({ file }, 'the policy was read again and counts from now on');
    }
    const restartNeededFor = changedSections(settings, next);
    if (restartNeededFor.length > 0) log.warn({ file, sections: restartNeededFor }, 'changes outside the policy count after a restart');
    return { restartNeededFor };
  };

  // Nothing is known of the file at first: it may have changed since it was loaded, so the first look reads it in any case.
  let seen: string | undefined;
  const look = (): void => {
    const found = stampOf(file);
    if (found === seen) return;
    seen = found;
    try {
      reload();
    } catch (error) {
      if (!isConfigError(error)) throw error;
      log.error({ file, problems: error.message.split('\n') }, 'agent.yaml has problems; the policy stays as it was');
    }
  };
  const timer = setInterval(look, lookEveryMs).unref();
  return {
    policy: () => policy,
    reload,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function stampOf(file: string): string {
  try {
    const { ino, mtimeNs, size } = statSync(file, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

function changedSections(before: AgentSettings, after: AgentSettings): string[] {
  const sections = Object.keys(agentSettings.shape) as (keyof AgentSettings)[];
  return sections.filter((section) => section !== 'policy' && JSON.stringify(before[section]) !== JSON.stringify(after[section]));
}
