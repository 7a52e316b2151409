import { jdeCall, jdeQuery, SystemError } from '@ml-connector/shared';
import type { CallHandler, IncomingCall } from '@ml-connector/shared/tunnel';
import type { z } from 'zod';
import type { JdeSystem } from './jde-system.ts';

export interface JdeOperationsDeps {
  /** The JD Edwards systems of agent.yaml by name. */
  systems: ReadonlyMap<string, JdeSystem>;
}

/** Handlers of the JD Edwards operations for the dispatcher. The policy is asked before them. */
export function jdeOperations({ systems }: JdeOperationsDeps): Record<'JdeQuery' | 'JdeCall', CallHandler> {
  const systemOf = (name: string): JdeSystem => {
    const system = systems.get(name);
    if (system) return system;
    throw new SystemError('SYSTEM_UNKNOWN', 'refused', `agent.yaml has no JD Edwards system named ${JSON.stringify(name)}`, {
      fix: `Systems there: ${[...systems.keys()].join(', ') || 'none'}.`,
    });
  };
  return {
    JdeQuery: async (call) => {
      const request = parsed(jdeQuery, call);
      return systemOf(request.system).query(request, call);
    },
    JdeCall: async (call) => {
      const request = parsed(jdeCall, call);
      const system = systemOf(request.system);
      if (request.service === 'info') return system.describe(call);
      if (request.service === 'count') return system.count(request, call);
      return system.orchestration(request, call);
    },
  };
}

function parsed<Schema extends z.ZodType>(schema: Schema, call: IncomingCall): z.output<Schema> {
  const result = schema.safeParse(call.request);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new SystemError(
    'REQUEST_INVALID',
    'refused',
    `${call.operation}: ${issue?.path.join('.') || 'request'}: ${issue?.message ?? 'invalid'}`,
  );
}
