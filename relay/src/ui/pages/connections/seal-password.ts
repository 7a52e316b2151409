import type { Answer } from '../../api/index.ts';

/** A password as only the agents can read it; it is sealed here, in the browser. Rejects where the browser has no cryptography. */
export async function sealPassword(
  { system, agents }: Answer<'connections.sealing-keys.get'>,
  password: string,
): Promise<{ agentId: string; sealed: string }[]> {
  const { sealFor } = await import('@ml-connector/shared/sealing');
  return Promise.all(
    agents.map(async ({ agentId, publicKey }) => ({ agentId, sealed: await sealFor(publicKey, password, { agentId, system }) })),
  );
}
