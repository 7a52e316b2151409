import { sapDescribe, sapTableRead, sapUnit, SystemError } from '@ml-connector/shared';
import type { CallHandler, IncomingCall } from '@ml-connector/shared/tunnel';
import type { z } from 'zod';
import type { Units } from '../../journal/index.ts';
import { unknownSystem } from '../../policy/index.ts';
import type { SapSystem } from './sap-system.ts';

export interface SapOperationsDeps {
  /** The systems of agent.yaml by name. */
  systems: ReadonlyMap<string, SapSystem>;
  /** Runs what writes, at most once each. */
  units: Units;
}

/** Handlers of the SAP operations for the dispatcher. The policy is asked before them. */
export function sapOperations({ systems, units }: SapOperationsDeps): Record<'SapTableRead' | 'SapUnit' | 'SapDescribe', CallHandler> {
  const systemOf = (name: string): SapSystem => {
    const system = systems.get(name);
    if (system) return system;
    throw unknownSystem(name, [...systems.keys()]);
  };
  return {
    SapTableRead: async (call) => {
      const request = parsed(sapTableRead, call);
      return systemOf(request.system).readTable(request, call);
    },
    SapUnit: async (call) => {
      const request = parsed(sapUnit, call);
      const system = systemOf(request.system);
      if (request.commit === 'never') return system.unit(request, call);
      return units.run(request, call, (gate) => system.writingUnit(request, gate));
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
