import type { Story } from './story.ts';

/** A story as one page that needs nothing else: for a mail to an auditor, for the printer. All texts come from elsewhere and are escaped. */
export function storyHtml(story: Story): string {
  const { record, flow, trigger, changes, attempts, events, link, versions, verification } = story;
  const title = `${record.key} ${record.label}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p class="state">Version ${record.version}: <b>${escaped(record.state)}</b>, ${escaped(record.meaning)}</p>
${reasonsHtml(record.reasons)}
${table([
  ['Record', record.id],
  ['Integration', `${flow.integration}: ${flow.source} → ${flow.target}`],
  ['Flow', flow.flowId],
  ['Brought by', trigger && `${trigger.trigger}, ${trigger.mode}, ${trigger.startedAt} (${trigger.runId})`],
  ['In the target', record.targetId && `${record.targetLabel ?? ''} (${record.targetId}), ${record.action ?? ''}`],
  ['Linked', link && `${link.key} is ${link.targetLabel} (${link.targetId}) since ${link.changedAt}`],
  ['Mapping', record.mappingVersion],
  ['Read', record.createdAt],
  ['Last change', record.changedAt],
  ['Replay of', record.replayOf],
  ['Superseded by', record.supersededBy],
])}
<p class="${verification.intact ? 'good' : 'bad'}">Audit trail ${verification.intact ? 'intact' : 'DAMAGED'}: ${escaped(verification.detail)}</p>
<h2>What happened</h2>
<table><thead><tr><th>#<th>When (UTC)<th>Who<th>What</tr></thead><tbody>
${events.map(eventHtml).join('\n')}
</tbody></table>
<h2>What was sent</h2>
${attempts.map(attemptHtml).join('\n') || '<p>Nothing.</p>'}
${changes ? `<h2>Changes since version ${changes.version}</h2>${changesHtml(changes.fields)}` : ''}
<h2>What was read</h2>
${story.payload === null ? '<p>No longer kept.</p>' : json(story.payload)}
<p class="hash">SHA-256 ${escaped(story.payloadHash)}</p>
<h2>Versions</h2>
<table><tbody>${versions.map((one) => `<tr><td>${one.version}<td>${escaped(one.state)}<td>${escaped(one.createdAt)}<td>${escaped(one.id)}</tr>`).join('')}</tbody></table>
<h2>Hashes of the trail</h2>
<table class="hash"><tbody>${events.map(({ seq, hash }) => `<tr><td>${seq}<td>${escaped(hash)}</tr>`).join('')}</tbody></table>
</body>
</html>
`;
}

/** For text between tags and in quoted attributes. */
export function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  // Control characters, and those that turn the reading direction round, are shown as a mark.
  return text.replaceAll(/[&<>"']/g, (one) => entities[one] ?? '').replaceAll(/(?![\n\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/gu, '�');
}

const style = `
body{font:14px/1.5 system-ui,sans-serif;color:#1a1a1a;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin-bottom:0}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid #ccc}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-bottom:1px solid #eee}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f6f6f6;padding:.5rem;margin:.2rem 0;font-size:12px}
.hash{font:11px/1.4 ui-monospace,monospace;color:#555;overflow-wrap:anywhere}.good{color:#146c2e}.bad{color:#b00020;font-weight:bold}
@media print{body{margin:0;max-width:none}tr,pre{break-inside:avoid-page}}`;

function reasonsHtml(reasons: unknown): string {
  const list = (Array.isArray(reasons) ? reasons : []) as { code?: string; message?: string; fix?: string }[];
  if (list.length === 0) return '';
  const items = list.map(
    ({ code = '', message = '', fix }) => `<li>${escaped(message)} (${escaped(code)})${fix ? `<br>→ ${escaped(fix)}` : ''}</li>`,
  );
  return `<ul>${items.join('')}</ul>`;
}

function table(rows: readonly (readonly [string, string | null | undefined])[]): string {
  const cells = rows.filter(([, text]) => text).map(([name, text]) => `<tr><th>${escaped(name)}<td>${escaped(text ?? '')}</tr>`);
  return `<table><tbody>${cells.join('\n')}</tbody></table>`;
}

function eventHtml({ seq, at, actor, actorName, kind, data, isDropped }: Story['events'][number]): string {
  const detail = isDropped ? '<p>Content no longer kept.</p>' : data === null ? '' : json(data);
  return `<tr><td>${seq}<td>${escaped(at.replace('T', ' ').replace('Z', ''))}<td>${escaped(actorName === null ? actor : `${actorName} (${actor})`)}<td><b>${escaped(kind)}</b>${detail}</tr>`;
}

function attemptHtml({ number, startedAt, endedAt, outcome, mappingVersion, body, notes, problem }: Story['attempts'][number]): string {
  const head = `Attempt ${number}, ${startedAt} to ${endedAt ?? '…'}: ${outcome ?? 'no end was seen'} (mapping ${mappingVersion})`;
  const remarks = Array.isArray(notes) && notes.length > 0 ? `<p>${escaped(notes.join('; '))}</p>` : '';
  return `<h3>${escaped(head)}</h3>${body === null ? '<p>Body no longer kept.</p>' : json(body)}${remarks}${problem === null ? '' : meaningHtml(problem) + json(problem)}`;
}

/** What the target's own message means, where its error says so. */
function meaningHtml(problem: unknown): string {
  const { explanation } = (problem as { facts?: { explanation?: Record<string, string> } }).facts ?? {};
  if (!explanation) return '';
  const { message = '', meaning, cause, who, transaction, retryHelps } = explanation;
  return table([
    [message, meaning],
    ['Usual cause', cause],
    ['Who repairs it', who],
    ['Where', transaction],
    ['Does trying again help?', retryHelps],
  ]);
}

function changesHtml(fields: readonly { field: string; before: unknown; after: unknown }[]): string {
  if (fields.length === 0) return '<p>None: it was read or sent again as it was.</p>';
  const text = (value: unknown): string => (value === undefined ? '' : escaped(JSON.stringify(value)));
  const rows = fields.map(({ field, before, after }) => `<tr><th>${escaped(field)}<td>${text(before)}<td>${text(after)}</tr>`);
  return `<table><thead><tr><th>Field<th>Before<th>After</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function json(value: unknown): string {
  return `<pre>${escaped(JSON.stringify(value, null, 2))}</pre>`;
}
