import { SystemError, type Clock } from '@ml-connector/shared';
import type { HttpAnswer } from './http.ts';

/** What `defaultconfig` tells (facts/jde-ais.md 1.1). */
export interface ServerConfig {
  aisVersion: string;
  defaultEnvironment: string;
  /** The HTML server behind AIS: `http://jas01:8080`. */
  htmlServer: string;
  /** Reads are answered from a cache by default. */
  cachesByDefault: boolean;
  capabilities: string[];
  /** By how much the server's clock is ahead of the agent's; undefined where its answer has no date. */
  clockAheadMs: number | undefined;
}

export function readServerConfig({ json, answer }: { json: unknown; answer: HttpAnswer }, clock: Clock): ServerConfig {
  const root = asRecord(json);
  if (!('aisVersion' in root) && !('jasHost' in root))
    throw new SystemError('JDE_WRONG_PATH', 'halt', 'asking AIS for its configuration: something else than AIS answers at this address', {
      fix: 'Check baseUrl in agent.yaml: https://<host>:<port>/jderest.',
    });
  const listed = Array.isArray(root['capabilityList']) ? (root['capabilityList'] as unknown[]) : [];
  const date = Date.parse(answer.date);
  return {
    aisVersion: textOf(root['aisVersion']),
    defaultEnvironment: textOf(root['defaultEnvironment']),
    htmlServer: textOf(root['defaultJasServer']),
    cachesByDefault: root['defaultCachingOn'] === true || root['defaultCachingOn'] === 'true',
    capabilities: listed.map((one) => textOf(asRecord(one)['name'])).filter((name) => name !== ''),
    clockAheadMs: Number.isNaN(date) ? undefined : date - clock.now(),
  };
}

/** Older servers answer `{count}`, newer ones may wrap it by the table (facts/jde-ais.md 5.4). */
export function readCount(json: unknown, table: string): number {
  const found = [json, ...Object.values(asRecord(json))].map((one) => asRecord(one)['count']).find((count) => /^\d+$/.test(String(count)));
  if (found !== undefined) return Number(found);
  throw new SystemError('JDE_ANSWER_UNREADABLE', 'retry', `counting rows of ${table}: the answer holds no number`);
}

/** The output of an orchestration that says it went well; without output an empty object. */
export function readOrchestration(json: unknown, name: string): unknown {
  const status = textOf(asRecord(json)['jde__status']);
  if (status === '' || status === 'SUCCESS') return json;
  throw new SystemError('JDE_ORCHESTRATION_FAILED', 'refused', `running orchestration ${name}: it ended with ${status.slice(0, 100)}`, {
    fix: 'Run it in Orchestrator Studio with the same inputs; Orchestrator Monitor shows the step that failed.',
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
