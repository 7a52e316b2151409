import path from 'node:path';
import { z } from 'zod';
import { suggestion } from '@ml-connector/shared';
import { auditSettings } from '../audit/index.ts';
import { logSettings } from '../logs/index.ts';
import { policySettings } from '../policy/index.ts';
import { sapSystemConfig } from '../systems/sap/index.ts';

const systemName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, 'must be letters, digits, - and _, at most 40, for instance PRD');

/** agent.yaml. Every part declares its own section; unknown keys and contradictions are refused. */
export const agentSettings = z
  .strictObject({
    relayUrl: z
      .url({ protocol: /^https$/ })
      .optional()
      .describe('Address of the relay. Left out: the one the agent was enrolled at; the agent only ever dials out'),
    relayCaFile: z
      .string()
      .min(1)
      .optional()
      .describe('Further certificate authorities (PEM) for a relay without one of its own, for instance that of a company'),
    dataDir: z
      .string()
      .refine((folder) => path.isAbsolute(folder), { error: 'must be an absolute path' })
      .optional()
      .describe('Folder for keys, passwords, logs and audit; only the user of the agent may read it'),
    logs: logSettings,
    audit: auditSettings,
    systems: z
      .record(systemName, sapSystemConfig)
      .default({})
      .describe('The systems this agent reaches, by the names the relay uses for them'),
    policy: policySettings,
  })
  .superRefine(({ systems, policy }, context) => {
    const known = Object.keys(systems);
    for (const name of Object.keys(policy))
      if (!known.includes(name))
        context.addIssue({
          code: 'custom',
          path: ['policy', name],
          message: `is for a system that is not listed under systems${suggestion(name, known)}`,
        });
  });
export type AgentSettings = z.output<typeof agentSettings>;
