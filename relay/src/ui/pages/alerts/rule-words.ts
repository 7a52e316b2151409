import type { AlertRule } from '../../api/index.ts';

type SettingWords = Partial<Record<AlertRule['id'], Record<string, string>>>;

const words: SettingWords = {
  blocked: { atLeast: 'Records of one cause, at least' },
  uncertain: { minutes: 'Minutes that a record may be uncertain' },
  backlog: { minutes: 'Minutes that the oldest record may wait' },
  waiting: {
    hours: 'Hours that a record may wait for its turn',
    days: 'Days that it may wait for its posting time, an open period or another document',
  },
  'tunnel-down': { minutes: 'Minutes that a site may be without a tunnel' },
  'run-failed': { times: 'Failed runs in a row' },
  'nothing-flowed': {
    hours: 'Hours that a flow may be without a run that ended well',
    weekdaysOnly: 'Saturdays and Sundays do not count',
    newRecords: 'Only runs that brought something new count',
  },
  reconciliation: { atLeast: 'Differences, at least', failingHours: 'Hours that comparisons may fail' },
  'webhooks-broken': { minutes: 'Minutes that subscriptions may fail', keyHours: 'Hours that a key may stay unread' },
  'webhooks-refused': { atLeast: 'Refused deliveries, at least', minutes: 'within so many minutes' },
  expiry: { days: 'Days before it ends' },
};

/** What a setting of a rule says, for people. */
export function settingWords(ruleId: AlertRule['id'], setting: string): string {
  return words[ruleId]?.[setting] ?? setting;
}

/** `Failed runs in a row: 3` */
export function settingsWords({ id, settings }: Pick<AlertRule, 'id' | 'settings'>): string {
  return Object.entries(settings)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => (value === true ? settingWords(id, name) : `${settingWords(id, name)}: ${String(value)}`))
    .join('; ');
}
