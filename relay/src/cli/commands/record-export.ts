import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { action } from '../context.ts';
import { tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';

export function addRecordExport(records: Command, io: CommandLineIo): void {
  records
    .command('export <id>')
    .description("a record's whole story, to be handed on: JSON on standard output, or a page that stands by itself")
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--html <file>', 'write a page to this file')
    .action(
      action(io, async ({ client, print }, { tenant, html }: TenantOption & { html?: string }, recordId: string) => {
        const at = `${await tenantPath(client, tenant)}/records/${recordId}/story`;
        if (html === undefined) return print(await client.get<object>(at), (story) => JSON.stringify(story, null, 2));
        const file = path.resolve(io.cwd, html);
        writeFileSync(file, await client.text(at, { format: 'html' }));
        print({ file }, () => `the story of ${recordId} is in ${file}`);
      }),
    );
}
