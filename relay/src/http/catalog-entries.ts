import { z } from 'zod';
import type { Flow } from '../flows/index.ts';
import type { SystemManifest } from '../systems/index.ts';
import { ApiError } from './problem.ts';
import type { Services } from './services.ts';

/** The system of that id, or a 400: ids of systems come in bodies. */
export function systemOf({ systems }: Pick<Services, 'systems'>, systemId: string): SystemManifest {
  const manifest = systems.find((system) => system.id === systemId);
  if (manifest) return manifest;
  throw new ApiError(400, 'SYSTEM_UNKNOWN', `this relay has no system ${systemId}`, {
    errors: [{ path: 'system', message: `must be one of ${systems.map((system) => system.id).join(', ')}` }],
    fix: 'GET /api/v1/systems lists the systems.',
  });
}

export function flowOf({ flows }: Pick<Services, 'flows'>, flowId: string): Flow {
  const flow = flows.find((one) => one.id === flowId);
  if (flow) return flow;
  throw new ApiError(400, 'FLOW_UNKNOWN', `this relay has no flow ${flowId}`, {
    errors: [{ path: 'flowId', message: `must be one of ${flows.map((one) => one.id).join(', ')}` }],
    fix: 'GET /api/v1/flows lists the flows.',
  });
}

/** Settings as JSON Schema, for forms. `hidden` fields are set in other ways. */
export function settingsJsonSchema(settings: z.ZodObject, hidden: readonly string[] = []): Record<string, unknown> {
  const { $schema: _draft, ...schema } = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' });
  for (const key of hidden) delete schema.properties?.[key];
  return { ...schema, ...(schema.required && { required: schema.required.filter((key) => !hidden.includes(key)) }) };
}
