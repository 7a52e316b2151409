import { connectionSecret, type ConnectionRow } from '../store/index.ts';
import type { SystemManifest } from '../systems/index.ts';
import { fieldProblems, sentence } from './check-input.ts';
import { ApiError } from './problem.ts';
import type { Services } from './services.ts';

type Settings = Record<string, unknown>;

/** How settings are stored: open fields as JSON, secret ones encrypted for this connection. */
export interface StoredSettings {
  settings_json: string;
  secrets: string | null;
}

/** Set by the connection itself for systems behind an agent, never as a setting. */
export const siteField = 'siteId';

/** Checks settings against the system's schema, with the names of all fields at fault, and splits the secrets off. */
export function storeSettings(input: {
  manifest: SystemManifest;
  connectionId: string;
  siteId: string | null;
  settings: Settings;
  vault: Services['vault'];
}): StoredSettings {
  const { manifest, connectionId, siteId, settings, vault } = input;
  if (siteField in settings)
    throw invalid([{ path: `settings.${siteField}`, message: 'is not a setting; the site stands beside the settings' }]);
  const site = siteId !== null && siteField in manifest.settings.shape ? { [siteField]: siteId } : {};
  const checked = manifest.settings.safeParse({ ...settings, ...site }, { error: sentence });
  if (!checked.success) throw invalid(fieldProblems(checked.error.issues, ['settings']));
  const secretNames = new Set(secretFields(manifest));
  const entries = Object.entries(settings);
  const secrets = entries.filter(([name]) => secretNames.has(name));
  return {
    settings_json: JSON.stringify(Object.fromEntries(entries.filter(([name]) => !secretNames.has(name)))),
    secrets: secrets.length === 0 ? null : vault.encrypt(JSON.stringify(Object.fromEntries(secrets)), connectionSecret(connectionId)),
  };
}

/** The settings as they were entered, secrets in clear: to change some of them. Never leaves the relay. */
export function enteredSettings(vault: Services['vault'], { id, settings_json, secrets }: ConnectionRow): Settings {
  const open = JSON.parse(settings_json) as Settings;
  return secrets === null ? open : { ...open, ...(JSON.parse(vault.decrypt(secrets, connectionSecret(id))) as Settings) };
}

/** Refuses to send a secret that was entered before to another address: whoever may change settings could read it there. */
export function refuseMovedSecrets(
  manifest: SystemManifest,
  { before, after, given }: { before: Settings; after: Settings; given: Settings },
): void {
  if (before['baseUrl'] === after['baseUrl']) return;
  const errors = secretFields(manifest)
    .filter((name) => name in after && !(name in given))
    .map((name) => ({ path: `settings.${name}`, message: 'must be entered again, because it goes to the new baseUrl' }));
  if (errors.length > 0) throw invalid(errors);
}

/** Names of the fields that are encrypted at rest and never shown again. */
export function secretFields(manifest: SystemManifest): string[] {
  return Object.entries(manifest.settings.shape)
    .filter(([, field]) => isSecret(field))
    .map(([name]) => name);
}

/** The mark may stand inside of `optional()` or `default()`. */
function isSecret(field: unknown): boolean {
  const schema = field as { meta?: () => { secret?: unknown } | undefined; def?: { innerType?: unknown } };
  if (schema.meta?.()?.secret === true) return true;
  return schema.def?.innerType !== undefined && isSecret(schema.def.innerType);
}

function invalid(errors: { path: string; message: string }[]): ApiError {
  const [first] = errors;
  return new ApiError(400, 'SETTINGS_INVALID', `${first?.path ?? 'settings'} ${first?.message ?? 'is not valid'}`, {
    errors,
    fix: 'Correct the fields named in "errors"; GET /api/v1/systems describes the settings of each system.',
  });
}
