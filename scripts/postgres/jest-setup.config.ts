import { offerPostgres } from './shared.ts';

/** Before all tests of a run. */
export default async function setUp(): Promise<void> {
  (globalThis as { postgresOffer?: AsyncDisposable }).postgresOffer = await offerPostgres();
}
