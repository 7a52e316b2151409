import { z } from 'zod';
import {
  channelSettings,
  enteredChannel,
  secretNames,
  shownUrl,
  storeChannel,
  type ChannelFailure,
  type ChannelKind,
  type DeliverDeps,
} from '../alerts/index.ts';
import type { AlertChannelRow } from '../store/index.ts';
import { fieldProblems, sentence } from './check-input.ts';
import { id, isoTime, isoTimeOrNull, time, timeOrNull } from './ids.ts';
import { ApiError, notFound } from './problem.ts';
import type { Services } from './services.ts';

export const channelView = z
  .object({
    id: id('alertChannel'),
    kind: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    settings: z.record(z.string(), z.unknown()).describe('Without the secret ones'),
    failing: z
      .object({ since: time, at: time, code: z.string(), message: z.string() })
      .nullable()
      .describe('Why the last delivery failed; it is tried again'),
    waiting: z.int().describe('Messages on their way'),
    lastSentAt: timeOrNull,
  })
  .meta({ id: 'AlertChannel' });

/** What the API tells of a channel. */
export async function showChannel({ store }: Pick<Services, 'store'>, row: AlertChannelRow): Promise<z.input<typeof channelView>> {
  const failing = row.failing_json === null ? null : (JSON.parse(row.failing_json) as ChannelFailure);
  const { waiting } = await store.db
    .selectFrom('alert_delivery')
    .select(({ fn }) => fn.countAll<number | string>().as('waiting'))
    .where('state', '=', 'waiting')
    .where('channel_id', '=', row.id)
    .executeTakeFirstOrThrow();
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    enabled: row.enabled === 1,
    settings: JSON.parse(row.settings_json) as Record<string, unknown>,
    failing: failing && { ...failing, since: isoTime(failing.since), at: isoTime(failing.at) },
    waiting: Number(waiting),
    lastSentAt: isoTimeOrNull(row.last_sent_at),
  };
}

/** Checks the settings of a channel and splits them for the database; refuses with every field at fault. */
export function checkedChannel(
  { vault }: Pick<Services, 'vault'>,
  { id: channelId, kind, settings }: { id: string; kind: ChannelKind; settings: Record<string, unknown> },
): Pick<AlertChannelRow, 'settings_json' | 'secrets'> {
  const checked = channelSettings[kind].safeParse(settings, { error: sentence });
  if (checked.success) return storeChannel(vault, { id: channelId, kind, settings: checked.data });
  const errors = fieldProblems(checked.error.issues, ['settings']);
  const [first] = errors;
  throw new ApiError(400, 'BODY_INVALID', `${first?.path ?? 'settings'} ${first?.message ?? 'is not valid'}`, {
    errors,
    fix: 'Correct the fields named in "errors".',
  });
}

/** The present settings with changes in place; a changed address needs the secrets again, so that nobody can have them sent elsewhere. */
export function changedChannel(
  services: Pick<Services, 'vault'>,
  row: AlertChannelRow,
  changes: Record<string, unknown>,
): Pick<AlertChannelRow, 'settings_json' | 'secrets'> {
  const kind = row.kind as ChannelKind;
  const before = enteredChannel(services.vault, row);
  // Sent back as it was shown.
  const given = Object.fromEntries(
    Object.entries(changes).filter(([name, value]) => !(name === 'url' && value === shownUrl(String(before['url'])))),
  );
  const isMoved = ['host', 'port', 'tls', 'ca', 'url'].some((name) => name in given && given[name] !== before[name]);
  const secrets = [...secretNames(kind)];
  const kept = isMoved ? Object.fromEntries(Object.entries(before).filter(([name]) => !secrets.includes(name))) : before;
  const settings = Object.fromEntries(Object.entries({ ...kept, ...given }).filter(([, value]) => value !== null));
  return checkedChannel(services, { id: row.id, kind, settings });
}

export async function findChannel(
  { store }: Pick<Services, 'store'>,
  { tenantId, channelId }: { tenantId: string; channelId: string },
): Promise<AlertChannelRow> {
  const row = await store.db
    .selectFrom('alert_channel')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', channelId)
    .executeTakeFirst();
  if (!row) throw notFound('alert channel', channelId);
  return row;
}

export function deliverDeps({ store, vault, clock, log, alerts }: Services): DeliverDeps {
  return { store, vault, clock, log, publicUrl: alerts.publicUrl(), addresses: alerts.addresses };
}
