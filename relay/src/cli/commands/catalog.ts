import type { Command } from 'commander';
import { action } from '../context.ts';
import type { CommandLineIo } from '../io.ts';

/** What this build knows: systems and flows with all their settings. */
export function addCatalog(program: Command, io: CommandLineIo): void {
  program
    .command('systems')
    .description('systems that connections can be made to, with their settings')
    .action(
      action(io, async ({ client, print }) => {
        const { items } = await client.get<{ items: { id: string; label: string; settings: Described }[] }>('/systems');
        print(items, () => items.map(({ id, label, settings }) => `${id}: ${label}\n${settingsText(settings)}`).join('\n'));
      }),
    );
  program
    .command('flows')
    .description('flows that integrations can switch on, with their settings')
    .action(
      action(io, async ({ client, print }) => {
        const { items } = await client.get<{ items: { id: string; title: string; settings: Described }[] }>('/flows');
        print(items, () => items.map(({ id, title, settings }) => `${id}: ${title}\n${settingsText(settings)}`).join('\n'));
      }),
    );
}

interface Described {
  properties?: Record<string, { description?: string; default?: unknown; secret?: boolean }>;
  required?: string[];
}

function settingsText({ properties = {}, required = [] }: Described): string {
  return Object.entries(properties)
    .map(([name, field]) => {
      const marks = [
        ...(required.includes(name) ? ['required'] : []),
        ...(field.secret ? ['secret'] : []),
        ...(field.default === undefined ? [] : [`default ${JSON.stringify(field.default)}`]),
      ];
      return `  ${name}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}: ${field.description ?? ''}`;
    })
    .join('\n');
}
