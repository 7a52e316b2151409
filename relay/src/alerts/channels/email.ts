import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import { SystemError } from '@ml-connector/shared';
import { bodyText, headline, type Message } from '../message.ts';
import { allowedAddress, type AddressPolicy } from '../../addresses/index.ts';
import type { ChannelSettings } from './channel.ts';

/** Sends one e-mail that tells all the messages. Rejects when the mail server did not take it. */
export async function sendEmail(
  settings: Extract<ChannelSettings, { kind: 'email' }>,
  { messages, publicUrl, addresses }: { messages: readonly Message[]; publicUrl: string; addresses: AddressPolicy },
): Promise<void> {
  const { host, port, tls, ca, user, password, from, to } = settings;
  const [first] = messages;
  if (!first) return;
  const hasPassword = user !== undefined && password !== undefined && tls !== 'none';
  const transport = createTransport({
    host: await allowedAddress(host, addresses),
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { ...(isIP(host) === 0 && { servername: host }), minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    ...(hasPassword && { auth: { user, pass: password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const more = messages.length > 1 ? ` (and ${messages.length - 1} more)` : '';
  try {
    const text = messages.map((message) => bodyText(message, publicUrl)).join('\n\n----\n\n');
    await transport.sendMail({ from, to, subject: headline(first) + more, text, headers: { 'Auto-Submitted': 'auto-generated' } });
  } catch (error) {
    const { code = 'FAILED', response, message } = error as { code?: string; response?: string; message: string };
    const said = (response ?? message).slice(0, 300);
    throw new SystemError(`MAIL_${code}`, 'retry', `sending mail through ${host}: ${said}`, { cause: error });
  } finally {
    transport.close();
  }
}

const timeoutMs = 15_000;
