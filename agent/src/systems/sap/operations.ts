import { sapDescribe, sapTableRead, sapUnit, SystemError } from '@ml-connector/shared';
import type { CallHandler, IncomingCall } from '@ml-connector/shared/tunnel';
import type { z } from 'zod';
import type { SapSystem } from './sap-system.ts';

/** Handlers of the SAP operations for the dispatcher, over the systems of agent.yaml by name. The policy is asked before them. */
export function sapOperations(systems: ReadonlyMap<string, SapSystem>): Record<'SapTableRead' | 'SapUnit' | 'SapDescribe', CallHandler> {
  const systemOf = (name: string): SapSystem => {
    const system = systems.get(name);
    if (system) return system;
    throw new SystemError('SYSTEM_UNKNOWN', 'refused', `agent.yaml has no SAP system named ${JSON.stringify(name)}`, {
      fix: `Systems there: ${[...systems.keys()].join(', ') || 'none'}.`,
    });
  };
  return {
    SapTableRead: async (call) => {
      const request = parsed(sapTableRead, call);
      return systemOf(request.system).readTable(request, call);
    },
    SapUnit: async (call) => {
      const request = parsed(sapUnit, call);
      return systemOf(request.system).unit(request, call);
    },
    SapDescribe: async (call) => {
      const request = parsed(sapDescribe, call);
      return systemOf(request.system).describe(request, call);
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
