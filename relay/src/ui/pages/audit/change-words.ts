type Area = readonly [kind: string, words: string];

const everything: Area = ['', 'everything'];

/** What a trail can be narrowed to: how the kind of a change begins. */
export const areas: Record<'tenant' | 'relay', readonly Area[]> = {
  tenant: [
    everything,
    ['agents', 'Agents'],
    ['alert-channels', 'Alert channels'],
    ['alert-rules', 'Alert rules'],
    ['alert-settings', 'Quiet hours'],
    ['alerts', 'Alerts'],
    ['api-tokens', 'API tokens'],
    ['audit', 'Audit'],
    ['close-calendars', 'Close calendars'],
    ['connections', 'Connections'],
    ['dry-runs', 'Dry runs'],
    ['integrations', 'Integrations'],
    ['mapping-drafts', 'Mapping drafts'],
    ['members', 'People'],
    ['overrides', 'Overrides'],
    ['reconciliations', 'Comparisons'],
    ['records', 'Records'],
    ['replays', 'Replays'],
    ['retention', 'Retention'],
    ['runs', 'Runs'],
    ['sites', 'Sites'],
    ['value-maps', 'Value maps'],
  ],
  relay: [
    everything,
    ['api-tokens', 'API tokens'],
    ['links', 'One-time links'],
    ['me', 'Own accounts'],
    ['people', 'Accounts'],
    ['session', 'Sign-ins'],
    ['tenants', 'Tenants'],
  ],
};

/** What of a change is worth a line: not the name of who made it, which stands beside it. */
export function detailsOf(data: unknown): [name: string, value: string][] {
  if (!(data instanceof Object)) return [];
  return Object.entries(data)
    .filter(([name, value]) => name !== 'by' && value !== undefined && value !== null)
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
}
