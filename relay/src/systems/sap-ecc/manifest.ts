import type { SystemManifest } from '../system.ts';
import { openSapSession, type SapSession } from './session.ts';
import { sapEccSettings } from './settings.ts';

export const sapEcc: SystemManifest<typeof sapEccSettings, SapSession> = {
  id: 'sap-ecc',
  label: 'SAP ECC 6.0',
  runsOn: 'agent',
  settings: sapEccSettings,
  open: openSapSession,
  async check(session, scope) {
    const { systemId, client, user, release, host, databaseSystem, serverTime } = await session.systemInfo(scope);
    return {
      account: `${systemId} client ${client}`,
      details: { user, release, host, database: databaseSystem, serverTime: `${serverTime.date} ${serverTime.time}` },
    };
  },
};
