import type { SapConnectionSettings } from '../settings.ts';

/**
 * Where the connection goes first: the SAProuter, the message server or the gateway, with its port (facts/sap-ecc.md 1.4).
 * undefined where the settings name a service that only a services file or sapnwrfc.ini can resolve.
 */
export function firstHop(settings: SapConnectionSettings): { host: string; port: number } | undefined {
  const { saprouter, gwhost, gwserv, mshost, msserv, ashost, sysnr, snc_mode: sncMode } = settings;
  const router = /^\/H\/([^/]+)(?:\/S\/(\d+))?/i.exec(saprouter ?? '');
  if (saprouter !== undefined) return router?.[1] ? { host: router[1], port: Number(router[2] ?? 3299) } : undefined;
  const gateway = (number: string): number => Number(`${String(sncMode) === '1' ? '48' : '33'}${number}`);
  const service = /^(?:sapgw)?(\d{2})$|^(\d{4,5})$/.exec(String(gwserv ?? ''));
  const servicePort = service?.[2] ? Number(service[2]) : service?.[1] ? gateway(service[1]) : undefined;
  if (gwhost) return servicePort ? { host: gwhost, port: servicePort } : undefined;
  if (mshost) return /^\d+$/.test(String(msserv ?? '')) ? { host: mshost, port: Number(msserv) } : undefined;
  if (ashost && servicePort) return { host: ashost, port: servicePort };
  return ashost && sysnr !== undefined ? { host: ashost, port: gateway(sysnr) } : undefined;
}
