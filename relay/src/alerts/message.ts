import type { AnchorExport } from '../audit/index.ts';
import type { Finding } from './finding.ts';

export type DeliveryKind = 'opened' | 'reminder' | 'over' | 'test' | 'anchor';

/** What a channel tells; kept in the outbox. */
export interface Message {
  kind: DeliveryKind;
  tenant: string;
  at: number;
  alertId?: string;
  rule?: string;
  severity?: Finding['severity'];
  title: string;
  since?: number;
  count?: number | null;
  example?: string | null;
  fix?: string;
  /** Below the relay's public address. */
  link?: string;
  anchor?: AnchorExport;
}

const words: Record<DeliveryKind, string> = { opened: 'Alert', reminder: 'Still open', over: 'Over', test: 'Test', anchor: 'Audit anchor' };

/** One line: a subject. */
export function headline({ kind, tenant, title }: Message): string {
  return `${words[kind]}: ${title} [${tenant}]`.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 250);
}

/** Everything a person needs, line by line. */
export function bodyText(message: Message, publicUrl: string): string {
  const { since, at, count, example, fix, link, kind, title, anchor } = message;
  const isOver = kind === 'over';
  const lines = [
    isOver ? `Over: ${title}` : title,
    since !== undefined && since <= at
      ? `Since: ${new Date(since).toISOString()}${isOver ? `, until ${new Date(at).toISOString()}` : ''}`
      : '',
    count ? `Records: ${count}` : '',
    example && !isOver ? `Example: ${example}` : '',
    fix && !isOver ? `What to do: ${fix}` : '',
    anchor ? `Keep this outside of the relay's database:\n${JSON.stringify(anchor)}` : '',
    link ? `${publicUrl.replace(/\/$/, '')}${link}` : '',
  ];
  return lines.filter((line) => line !== '').join('\n');
}

/** As webhooks get it; names are stable. */
export function bodyJson(message: Message, { deliveryId, publicUrl }: { deliveryId: string; publicUrl: string }): Record<string, unknown> {
  const { kind, tenant, at, alertId, rule, severity, title, since, count, example, fix, link, anchor } = message;
  return {
    deliveryId,
    kind,
    tenant,
    at: new Date(at).toISOString(),
    alertId,
    rule,
    severity,
    title,
    since: since === undefined ? undefined : new Date(since).toISOString(),
    records: count ?? undefined,
    example: example ?? undefined,
    fix,
    link: link === undefined ? undefined : `${publicUrl.replace(/\/$/, '')}${link}`,
    anchor,
  };
}
