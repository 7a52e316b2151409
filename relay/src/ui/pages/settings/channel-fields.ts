import type { ItemOf } from '../../api/index.ts';

export type Channel = ItemOf<'alert-channels.list'>;

export type Kind = 'email' | 'webhook' | 'slack';

export const kindWords: Record<string, string> = { email: 'E-mail', webhook: 'Webhook', slack: 'Slack or Mattermost' };

/** A field of a channel's settings as a form shows it; all are texts there. */
export interface Field {
  name: string;
  label: string;
  description?: string;
  placeholder?: string;
  isRequired?: boolean;
  /** Written, never read: left empty it stays as it is. */
  isSecret?: boolean;
  choices?: { value: string; label: string }[];
  initial?: string;
  isLong?: boolean;
}

export const fieldsOf: Record<Kind, readonly Field[]> = {
  email: [
    { name: 'host', label: 'Mail server', placeholder: 'smtp.example.com', isRequired: true },
    { name: 'port', label: 'Port', initial: '587', isRequired: true },
    {
      name: 'tls',
      label: 'Encryption',
      initial: 'starttls',
      choices: [
        { value: 'starttls', label: 'STARTTLS' },
        { value: 'implicit', label: 'TLS from the start' },
        { value: 'none', label: 'none: only within the own network, without a password' },
      ],
    },
    { name: 'from', label: 'From', placeholder: 'relay@example.com', isRequired: true },
    { name: 'to', label: 'To', description: 'Up to 20 addresses, with commas between', isRequired: true },
    { name: 'user', label: 'User name' },
    { name: 'password', label: 'Password', isSecret: true },
    { name: 'ca', label: 'Certificate authority', description: 'PEM, where the mail server has its own', isLong: true },
  ],
  webhook: [
    { name: 'url', label: 'Address', placeholder: 'https://ops.example.com/hooks/relay', isRequired: true },
    { name: 'secret', label: 'Key of the signature', description: 'At least 16 characters', isRequired: true, isSecret: true },
  ],
  slack: [{ name: 'url', label: 'Address of the incoming webhook', placeholder: 'https://hooks.slack.com/services/…', isRequired: true }],
};

/** Texts of a form as settings for the API. Empty ones are left out of a new channel, and taken out of one that had them. */
export function settingsFrom(kind: Kind, texts: Record<string, string>, isNew: boolean): Record<string, unknown> {
  return Object.fromEntries(
    fieldsOf[kind].flatMap(({ name, isSecret = false }) => {
      const text = (texts[name] ?? '').trim();
      if (text === '') return isNew || isSecret ? [] : [[name, null]];
      return [[name, valueOf(name, text)]];
    }),
  );
}

function valueOf(name: string, text: string): unknown {
  if (name === 'port') return Number(text);
  if (name === 'to') return text.split(/[\s,;]+/).filter((address) => address !== '');
  return text;
}

/** Settings of a channel as texts for its form. */
export function textsOf(kind: Kind, settings: Record<string, unknown> | undefined): Record<string, string> {
  return Object.fromEntries(
    fieldsOf[kind].map(({ name, initial = '' }) => {
      const value = settings ? settings[name] : initial;
      return [name, Array.isArray(value) ? value.join(', ') : typeof value === 'string' || typeof value === 'number' ? String(value) : ''];
    }),
  );
}

/** Where it leads: `ops@example.com, it@example.com` */
export function targetWords({ settings }: Pick<Channel, 'settings'>): string {
  const { to, url } = settings;
  if (Array.isArray(to)) return to.join(', ');
  return typeof url === 'string' ? url : '';
}
