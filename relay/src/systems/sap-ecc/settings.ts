import { alphaIn, sapLanguages, SystemError } from '@ml-connector/shared';
import { z } from 'zod';

export const sapEccSettings = z.strictObject({
  siteId: z.string().min(1).describe('Site whose agents reach this SAP system'),
  agentSystem: z.string().min(1).max(40).describe('Name of the SAP system in agent.yaml'),
  systemId: z
    .string()
    .regex(/^[A-Z][A-Z0-9]{2}$/)
    .optional()
    .describe('SID the system must answer with, for instance PRD: guards against a test copy answering in its place'),
  client: z
    .string()
    .regex(/^\d{3}$/)
    .optional()
    .describe('Client the agent must be logged on to, for instance 100'),
  language: z.enum(sapLanguages).default('EN').describe('Language of texts read from SAP, where a flow does not name its own'),
  changeOverlapMinutes: z
    .int()
    .min(1)
    .max(1440)
    .default(15)
    .describe('How far changes are read again: SAP stamps a change document before it is saved'),
  callTimeoutSeconds: z.int().min(5).max(3600).default(300).describe('Longest wait for one call or one page of a table'),
});
export type SapEccSettings = z.infer<typeof sapEccSettings>;

/** Rejects with `halt` when another system or client answers than the connection names (facts/sap-ecc.md 8, item 19). */
export function assertExpectedSystem(
  expected: Pick<SapEccSettings, 'systemId' | 'client' | 'agentSystem'>,
  actual: { systemId: string; client: string },
): void {
  const isSystem = !expected.systemId || expected.systemId === actual.systemId;
  const isClient = !expected.client || alphaIn(expected.client, 3) === actual.client;
  if (isSystem && isClient) return;
  throw new SystemError(
    'SAP_OTHER_SYSTEM',
    'halt',
    `reading from SAP system ${expected.agentSystem}: ${actual.systemId} client ${actual.client} answered, the connection expects ` +
      `${expected.systemId ?? 'any system'} client ${expected.client ?? 'any'}`,
    { fix: 'Correct the host or client in agent.yaml, or the system id and client of this connection.' },
  );
}
