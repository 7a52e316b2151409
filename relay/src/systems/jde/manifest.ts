import type { SystemManifest } from '../system.ts';
import { openJdeSession } from './session.ts';
import { jdeSettings } from './settings.ts';
import type { JdeSession } from './types.ts';

export const jde: SystemManifest<typeof jdeSettings, JdeSession> = {
  id: 'jde',
  label: 'JD Edwards EnterpriseOne',
  runsOn: 'agent',
  settings: jdeSettings,
  open: openJdeSession,
  async check(session, scope) {
    const { environment, role, user, aisVersion, timeZoneOffset, cachesByDefault } = await session.info(scope);
    return {
      account: `environment ${environment}`,
      details: {
        user,
        role,
        aisVersion,
        timeZone: timeZoneOffset || 'not in the profile of the user',
        ...(cachesByDefault && { cache: 'AIS caches reads by default; the agent asks for uncached ones' }),
      },
    };
  },
};
