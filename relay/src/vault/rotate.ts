import { newMasterKey, readKeyRing, writeKeyFile } from './key-ring.ts';
import { openVault } from './vault.ts';

/** Visits every secret of the database in one transaction and stores what `change` answers. Resolves with how many there were. */
export type RewriteSecrets = (change: (sealed: string, owner: string) => string) => Promise<number>;

/**
 * Makes a new master key and encrypts everything under it. Until all is stored, the file holds both keys, so whatever stops this half
 * way leaves every secret readable; running it again finishes the work. A relay may run meanwhile.
 */
export async function rotateMasterKey(file: string, rewriteSecrets: RewriteSecrets): Promise<{ keyId: string; secrets: number }> {
  const fresh = newMasterKey();
  writeKeyFile(file, [fresh, ...readKeyRing({ file }).keys]);
  const vault = openVault({ file });
  const secrets = await rewriteSecrets((sealed, owner) => vault.encrypt(vault.decrypt(sealed, owner), owner));
  // A relay that read the ring before may have stored one more under the old key.
  await rewriteSecrets((sealed, owner) => (vault.isCurrent(sealed) ? sealed : vault.encrypt(vault.decrypt(sealed, owner), owner)));
  writeKeyFile(file, [fresh]);
  return { keyId: fresh.id, secrets };
}
