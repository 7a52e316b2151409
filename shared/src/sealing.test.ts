import { generateKeyPairSync } from 'node:crypto';
import type { JWK } from 'jose';
import { sealFor, sealingJwk, unseal } from './sealing.ts';

const newKey = (): JWK => generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
const key = newKey();
const publicKey = sealingJwk(Buffer.from(key.x ?? '', 'base64url'));
const purpose = { agentId: 'agt_01', system: 'PRD' };

test('a sealed password opens with the private key, and is not in the sealed text', async () => {
  const sealed = await sealFor(publicKey, 'Gehe1m-Größe€-密码', purpose);
  expect(sealed).not.toContain('Gehe1m');
  await expect(unseal(key, sealed, purpose)).resolves.toBe('Gehe1m-Größe€-密码');
  await expect(sealFor(publicKey, 'Gehe1m-Größe€-密码', purpose)).resolves.not.toBe(sealed);
});

test.each([
  ['another key', newKey(), purpose, (sealed: string) => sealed],
  ['another agent', key, { ...purpose, agentId: 'agt_02' }, (sealed: string) => sealed],
  ['another system', key, { ...purpose, system: 'QAS' }, (sealed: string) => sealed],
  ['a damaged text', key, purpose, (sealed: string) => sealed.slice(0, -4) + 'AAAA'],
  ['a changed header', key, purpose, (sealed: string) => sealed.replace(/^[^.]+/, (header) => header.replace(/.$/, 'Z'))],
  ['no JWE at all', key, purpose, () => 'hunter2'],
])('%s does not open it', async (_what, privateKey, opening, change) => {
  const sealed = change(await sealFor(publicKey, 'Gehe1m', purpose));
  await expect(unseal(privateKey, sealed, opening)).rejects.toMatchObject({ code: 'SEALED_UNREADABLE', verdict: 'refused' });
});
