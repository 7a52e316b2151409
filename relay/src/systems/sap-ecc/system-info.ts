import type { SapMoment } from '@ml-connector/shared';
import { SystemError } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { SapSession } from './session.ts';

/** Who a SAP system says it is (facts/sap-ecc.md 1.5). */
export interface SapSystemInfo {
  /** SID: `PRD`. */
  systemId: string;
  client: string;
  user: string;
  release: string;
  host: string;
  databaseSystem: string;
  /** The application server's local time. */
  serverTime: SapMoment;
  /** The server's offset as it reports it; changes when its clock is put back or forward. */
  zone: string;
}

/** Asks RFC_SYSTEM_INFO for the system and STFC_CONNECTION for client and server time. */
export async function readSystemInfo(session: Pick<SapSession, 'call'>, scope: CallScope): Promise<SapSystemInfo> {
  const info = (await session.call('RFC_SYSTEM_INFO', {}, scope))['RFCSI_EXPORT'] as Record<string, unknown> | undefined;
  const connection = await session.call('STFC_CONNECTION', { REQUTEXT: 'ml-connector' }, scope);
  const field = (name: string): string => textOf(info?.[name]);
  const logon = parseConnectionText(textOf(connection['RESPTEXT']));
  return {
    systemId: field('RFCSYSID') || logon.systemId,
    client: logon.client,
    user: logon.user,
    release: field('RFCSAPRL'),
    host: field('RFCHOST2') || field('RFCHOST'),
    databaseSystem: field('RFCDBSYS'),
    serverTime: logon.serverTime,
    zone: `${field('RFCTZONE')}${field('RFCDAYST')}`,
  };
}

/** `SAP R/3 Rel. 731   Sysid: ECC      Date: 20240131   Time: 101500   Logon_Data: 100/RFCUSER/E` */
export function parseConnectionText(text: string): Pick<SapSystemInfo, 'systemId' | 'client' | 'user' | 'serverTime'> {
  const date = /Date:\s*(\d{8})/.exec(text)?.[1];
  const time = /Time:\s*(\d{6})/.exec(text)?.[1];
  const systemId = /Sysid:\s*(\w+)/.exec(text)?.[1] ?? '';
  const [, client = '', user = ''] = /Logon_Data:\s*(\d{3})\/([^/]*)\//.exec(text) ?? [];
  if (!date || !time)
    throw new SystemError('SAP_SERVER_TIME_UNREADABLE', 'halt', `asking SAP for its time: STFC_CONNECTION answered "${text}"`, {
      fix: 'Changes cannot be followed without the time of the server. Report this text to the makers of the connector.',
    });
  return { systemId, client, user, serverTime: { date, time } };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}
