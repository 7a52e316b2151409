import { connect, getCACertificates } from 'node:tls';
import { networkTimeoutMs, type CheckResult } from '../../../checks/index.ts';
import { readPrivateCa } from '../private-ca.ts';
import type { JdeConnectionSettings } from '../settings.ts';

export interface TlsTarget {
  host: string;
  port: number;
  isSecure: boolean;
  settings: JdeConnectionSettings;
}

const soonMs = 30 * 24 * 3_600_000;

/** Does the server show a certificate the agent trusts, and for how long? Nothing is sent. */
export function openTls({ host, port, isSecure, settings }: TlsTarget): Promise<CheckResult> {
  if (!isSecure)
    return Promise.resolve({
      result: 'warning',
      detail: 'the address begins with http: the password and the rows go over the network in clear',
      fix: 'Use the https port of the AIS server, at the latest where it does not stand beside the agent.',
    });
  const trusted = settings.caFile === undefined ? {} : { ca: [...getCACertificates('default'), readPrivateCa(settings.caFile)] };
  return new Promise((resolve) => {
    const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
    const socket = connect({ host, port, rejectUnauthorized: true, ...name, ...trusted });
    const end = (result: CheckResult): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(networkTimeoutMs, () =>
      end({ result: 'failed', detail: `${host}:${port} does not answer in TLS`, fix: wrongPortFix }),
    );
    socket.once('secureConnect', () => {
      const { subject, valid_to: validTo } = socket.getPeerCertificate();
      const detail = `${socket.getProtocol() ?? 'TLS'}, certificate of ${String(subject.CN)} until ${validTo}`;
      const isLate = Date.parse(validTo) - Date.now() < soonMs;
      end(isLate ? { result: 'warning', detail, fix: 'Renew the certificate of the AIS server.' } : { result: 'ok', detail });
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const isTrust = /CERT|SELF_SIGNED|UNABLE_TO/.test(error.code ?? '');
      end({
        result: 'failed',
        detail: `${host}:${port}: ${error.message} (${error.code ?? 'no code'})`,
        fix: isTrust ? trustFix : wrongPortFix,
      });
    });
  });
}

const trustFix =
  'Name the PEM file of the CA in agent.yaml (caFile), or correct the host name in baseUrl to one the certificate is for; there is no switch to go without.';
const wrongPortFix = 'Check the port in baseUrl: this one may serve http.';
