import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino';

export type Log = Logger;

/**
 * Log field names, the same on both sides (`recordId` and `callId` join them): tenantId, siteId, agentId, system, connectionId, flowId,
 * runId, recordId, recordKey, attempt, callId, operation, code, verdict, ms.
 */
const secretFields = [
  'passwd',
  'password',
  'secret',
  'token',
  'applicationKey',
  'authorization',
  'privateKey',
  'sealed',
  'x509cert',
  'mysapsso2',
];
const redactPaths = secretFields.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** A JSON-lines logger. Known secret fields are replaced by `[secret]`, at three depths. */
export function createLog(
  options: { level?: string; component: 'agent' | 'relay' | 'sandbox'; base?: Record<string, unknown> },
  destination?: DestinationStream,
): Log {
  const settings: LoggerOptions = {
    level: options.level ?? 'info',
    base: { component: options.component, ...options.base },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: redactPaths, censor: '[secret]' },
  };
  return destination ? pino(settings, destination) : pino(settings);
}

export const silentLog: Log = pino({ level: 'silent' });
