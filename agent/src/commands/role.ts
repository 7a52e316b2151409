import { kindOf, type SystemRole } from '../systems/index.ts';
import { openContext, systemNamed } from './context.ts';
import { UsageError } from './failure.ts';
import type { CommandIo, GlobalOptions } from './io.ts';

export const roleFormats = ['table', 'pfcg', 'json'] as const;

export interface RoleOptions extends GlobalOptions {
  system?: string;
  format: (typeof roleFormats)[number];
}

/** What the users of the systems need there for what the policy allows, of one system or of all. */
export function showRole(options: RoleOptions, { stdout }: CommandIo): void {
  const context = openContext(options);
  const names = options.system === undefined ? Object.keys(context.settings.systems) : [options.system];
  const roles = names.map((name): SystemRole => {
    const settings = systemNamed(context, name);
    const kind = kindOf(settings.type);
    return kind.role({ name, settings, policy: kind.policy(context.settings.policy[name]) });
  });
  if (options.format === 'json')
    stdout.write(
      `${JSON.stringify(
        roles.map(({ json }) => json),
        null,
        2,
      )}\n`,
    );
  else if (options.format === 'table') stdout.write(roles.map(({ table }) => table).join('\n'));
  else if (options.system !== undefined && roles[0]?.pfcg === undefined)
    throw new UsageError(`${options.system} is no SAP system, and PFCG belongs to SAP; leave --format out`);
  else stdout.write(roles.map(({ pfcg = '' }) => pfcg).join(''));
}
