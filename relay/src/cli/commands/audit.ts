import type { Command } from 'commander';
import { action } from '../context.ts';
import { UsageError } from '../failure.ts';
import { tenantPath } from '../find.ts';
import type { CommandLineIo, TenantOption } from '../io.ts';

interface Retention {
  detailDays: number | null;
  eventDays: number | null;
  runDays: number | null;
  webhookDays: number | null;
  last: { at: string; details: number; trails: number; runs: number; damaged: number } | null;
}

export function addAudit(program: Command, io: CommandLineIo): void {
  const audit = program.command('audit').description('anchors of the audit trail, and how long what is kept');
  audit
    .command('anchor')
    .description('anchor everything up to a quarter of an hour ago and print the anchor, to be kept outside of the relay')
    .option('--tenant <name>', 'tenant, by name or id')
    .action(
      action(io, async ({ client, print }, { tenant }: TenantOption) => {
        const made = await client.send<object>('POST', `${await tenantPath(client, tenant)}/audit/anchors`);
        print(made, (anchor) => JSON.stringify(anchor, null, 2));
      }),
    );
  audit
    .command('retention')
    .description('show or change how long what is kept, in days; "ever" keeps it')
    .option('--tenant <name>', 'tenant, by name or id')
    .option('--details <days>', 'payloads of old versions, bodies, what calls sent and got', days)
    .option('--events <days>', 'trails of old versions; content of the trails of newest versions', days)
    .option('--runs <days>', 'runs that brought no record', days)
    .option('--webhooks <days>', 'webhook events that were looked at', days)
    .action(
      action(io, async ({ client, print }, options: TenantOption & { details?: Days; events?: Days; runs?: Days; webhooks?: Days }) => {
        const { tenant, details, events, runs, webhooks } = options;
        const path = `${await tenantPath(client, tenant)}/retention`;
        const present = await client.get<Retention>(path);
        if (!details && !events && !runs && !webhooks) return print(present, show);
        const { detailDays, eventDays, runDays, webhookDays } = present;
        const body = {
          detailDays: details ? details.days : detailDays,
          eventDays: events ? events.days : eventDays,
          runDays: runs ? runs.days : runDays,
          webhookDays: webhooks ? webhooks.days : webhookDays,
        };
        print(await client.send<Retention>('PUT', path, body), show);
      }),
    );
}

interface Days {
  days: number | null;
}

function days(text: string): Days {
  if (text === 'ever') return { days: null };
  if (/^[1-9]\d{0,4}$/.test(text)) return { days: Number(text) };
  throw new UsageError(`"${text}" is no number of days; "ever" keeps everything`);
}

function show({ detailDays, eventDays, runDays, webhookDays, last }: Retention): string {
  const text = (value: number | null): string => (value === null ? 'for ever' : `${value} days`);
  const done = last
    ? `last removed at ${last.at}: details of ${last.details}, ${last.trails} trails, ${last.runs} runs${last.damaged ? `; ${last.damaged} damaged trails left alone` : ''}`
    : 'nothing was removed yet';
  return `details ${text(detailDays)}, events ${text(eventDays)}, runs ${text(runDays)}, webhook events ${text(webhookDays)}\n${done}`;
}
