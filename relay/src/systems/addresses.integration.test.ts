import { silentLog, systemClock } from '@ml-connector/shared';
import { bigCommerce } from './bigcommerce/index.ts';
import { cin7Core } from './cin7-core/index.ts';
import type { SystemManifest } from './system.ts';
import { testScope } from './testing/index.ts';

const settings: Record<string, Record<string, unknown>> = {
  'cin7-core': { accountId: '5f7c3a56-6f4e-4b1c-9c1c-2f3f6f3e7a10', applicationKey: '0f6e2d3c-8a3b-4a5c-b1d7-7e6f5d4c3b2a' },
  bigcommerce: { storeHash: 'abc123', accessToken: 'x'.repeat(31), clientId: 'c'.repeat(31), clientSecret: 's'.repeat(64) },
};

test.each([cin7Core, bigCommerce].map((manifest) => [manifest.id, manifest as unknown as SystemManifest]))(
  'a connection of %s to an address that may not be called halts, and says where that is allowed',
  async (id, manifest) => {
    for (const baseUrl of ['https://127.0.0.1:1/x', 'https://localhost:1/x', 'https://10.20.30.40/x', 'https://169.254.169.254/x']) {
      const session = manifest.open({
        tenantId: 'ten_1',
        connectionId: 'con_1',
        settings: manifest.settings.parse({ ...settings[id], baseUrl }),
        clock: systemClock,
        log: silentLog,
        agents: {} as never,
        addresses: { loopback: false, privateNetworks: false },
      }) as AsyncDisposable;
      await expect(manifest.check(session, testScope())).rejects.toMatchObject({
        code: 'ADDRESS_DENIED',
        verdict: 'halt',
        fix: expect.stringContaining('relay.yaml') as unknown,
      });
      await session[Symbol.asyncDispose]();
    }
  },
);
