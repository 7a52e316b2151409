import { z } from 'zod';
import { alertChannelSecret, type AlertChannelRow } from '../../store/index.ts';
import type { Vault } from '../../vault/index.ts';

const anchors = z.boolean().default(false).describe('Also gets the daily anchors of the audit trail, to be kept outside of the relay');
const address = z.email().max(254);
const webUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .refine((url) => !/^[^/]*\/\/[^/?#]*@/.test(url), { error: 'must not hold a user name or password' })
  .meta({ secret: true });

/** Settings of each kind of channel. Those marked secret are written, never read. */
export const channelSettings = {
  email: z.strictObject({
    host: z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/, { error: 'is not the name or address of a mail server' }),
    port: z.int().min(1).max(65_535).default(587),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe('none: in clear, only for a mail server on the same machine or network; no password is sent then'),
    ca: z.string().max(20_000).optional().describe("PEM of the mail server's own certificate authority"),
    user: z.string().min(1).max(254).optional(),
    password: z.string().min(1).max(500).optional().meta({ secret: true }),
    from: address,
    to: z.array(address).min(1).max(20),
    anchors,
  }),
  webhook: z.strictObject({
    url: webUrl.describe('Secret as well, as many of them let in whoever knows them; its path is never shown'),
    secret: z.string().min(16).max(200).meta({ secret: true }).describe('Key of the signature'),
    anchors,
  }),
  slack: z.strictObject({
    url: webUrl.describe('Address of an incoming webhook of Slack, Mattermost or the like'),
    anchors,
  }),
} as const;
export type ChannelKind = keyof typeof channelSettings;
export const channelKinds = Object.keys(channelSettings) as [ChannelKind, ...ChannelKind[]];

export type ChannelSettings = { [Kind in ChannelKind]: { kind: Kind } & z.output<(typeof channelSettings)[Kind]> }[ChannelKind];

/** Settings as they are stored: the secret ones encrypted, apart; of a secret address, where it leads stays readable. */
export function storeChannel(
  vault: Vault,
  { id, kind, settings }: { id: string; kind: ChannelKind; settings: Record<string, unknown> },
): Pick<AlertChannelRow, 'settings_json' | 'secrets'> {
  const names = secretNames(kind);
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  const secret = entries.filter(([name]) => names.has(name));
  const open = entries.filter(([name]) => !names.has(name));
  const shown = typeof settings['url'] === 'string' ? { url: shownUrl(settings['url']) } : {};
  return {
    settings_json: JSON.stringify({ ...shown, ...Object.fromEntries(open) }),
    secrets: secret.length === 0 ? null : vault.encrypt(JSON.stringify(Object.fromEntries(secret)), alertChannelSecret(id)),
  };
}

/** `https://hooks.slack.com/…` */
export function shownUrl(url: string): string {
  return `${new URL(url).origin}/…`;
}

/** With the secret ones. Throws with verdict `halt` when the vault cannot open them. */
export function enteredChannel(vault: Vault, row: Pick<AlertChannelRow, 'id' | 'settings_json' | 'secrets'>): Record<string, unknown> {
  const open = JSON.parse(row.settings_json) as Record<string, unknown>;
  if (row.secrets === null) return open;
  return { ...open, ...(JSON.parse(vault.decrypt(row.secrets, alertChannelSecret(row.id))) as Record<string, unknown>) };
}

export function openChannel(vault: Vault, row: AlertChannelRow): ChannelSettings {
  const kind = row.kind as ChannelKind;
  return { kind, ...channelSettings[kind].parse(enteredChannel(vault, row)) } as ChannelSettings;
}

/** Names of the fields that are written, never read. */
export function secretNames(kind: ChannelKind): Set<string> {
  const shape: Record<string, z.ZodType> = channelSettings[kind].shape;
  return new Set(Object.entries(shape).flatMap(([name, field]) => (isSecret(field) ? [name] : [])));
}

function isSecret(field: z.ZodType): boolean {
  const inner = field instanceof z.ZodOptional ? (field.unwrap() as z.ZodType) : field;
  return [field, inner].some((one) => one.meta()?.['secret'] === true);
}
