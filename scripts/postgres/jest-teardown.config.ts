/** After all tests of a run. */
export default async function tearDown(): Promise<void> {
  await (globalThis as { postgresOffer?: AsyncDisposable }).postgresOffer?.[Symbol.asyncDispose]();
}
