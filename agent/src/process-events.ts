import { isConfigError, type Log } from '@ml-connector/shared';
import type { LiveSettings } from './config/index.ts';

/** Writes the last words of a defect into the log before the process ends; the service host starts it again. */
export function crashLog(log: Log): Disposable {
  const die = (error: unknown): void => {
    log.fatal({ err: error }, 'the agent ends because of a defect; the service starts it again');
    process.exit(1);
  };
  process.on('uncaughtException', die).on('unhandledRejection', die);
  return { [Symbol.dispose]: () => void process.off('uncaughtException', die).off('unhandledRejection', die) };
}

/** SIGHUP reads agent.yaml again, as `ml-agent policy reload` does. */
export function reloadOnHangup(live: LiveSettings, log: Log): Disposable {
  const reload = (): void => {
    try {
      live.reload();
    } catch (error) {
      if (!isConfigError(error)) throw error;
      log.error({ problems: error.message.split('\n') }, 'agent.yaml has problems; the policy stays as it was');
    }
  };
  process.on('SIGHUP', reload);
  return { [Symbol.dispose]: () => void process.off('SIGHUP', reload) };
}
