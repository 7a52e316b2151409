import path from 'node:path';
import { z } from 'zod';
import { configSentence, suggestion } from '@ml-connector/shared';
import { auditSettings } from '../audit/index.ts';
import { logSettings } from '../logs/index.ts';
import { systemKinds, systemSettings, type PolicySection } from '../systems/index.ts';

const systemName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, 'must be letters, digits, - and _, at most 40, for instance PRD');

const shape = z.strictObject({
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
    .record(systemName, systemSettings)
    .default({})
    .describe('The systems this agent reaches, by the names the relay uses for them'),
  policy: z
    .record(z.string(), z.custom<PolicySection>())
    .default({})
    .describe('What the relay may do, per system; a system that is not listed here is closed'),
});

/** agent.yaml. Every part declares its own section; unknown keys and contradictions are refused. */
export const agentSettings = shape.check(z.superRefine(readPolicies, { when: ({ value }) => typeof value === 'object' && value !== null }));
export type AgentSettings = z.output<typeof agentSettings>;

/** The type of a system says how its policy reads. Looked at after other problems too, so that all of them are told at once. */
function readPolicies({ systems, policy }: z.output<typeof shape>, context: z.core.$RefinementCtx): void {
  if (!isBlock(systems) || !isBlock(policy)) return;
  for (const [name, section] of Object.entries(policy)) {
    if (!Object.hasOwn(systems, name)) {
      const message = `is for a system that is not listed under systems${suggestion(name, Object.keys(systems))}`;
      context.addIssue({ code: 'custom', path: ['policy', name], message });
      continue;
    }
    // Of a type that is not known no more is said than that.
    const kind = systemKinds.find(({ type }) => type === systems[name]?.type);
    const read = kind?.policySettings.safeParse(section, { error: configSentence });
    if (read?.success) policy[name] = read.data as PolicySection;
    for (const issue of read?.error?.issues ?? []) context.addIssue({ ...issue, path: ['policy', name, ...issue.path] });
  }
}

function isBlock(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
