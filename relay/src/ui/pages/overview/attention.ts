import type { Agent, Alert, Cause, Connection } from '../../api/index.ts';

/** One thing that a person has to do, and the place where it is done. */
export interface Attention {
  id: string;
  severity: 'critical' | 'warning';
  title: string;
  /** What to do about it. */
  fix: string;
  to: string;
  since: string | null;
}

export interface Known {
  connections: readonly Pick<Connection, 'id' | 'name' | 'halt'>[] | undefined;
  causes: readonly Cause[] | undefined;
  alerts: readonly Alert[] | undefined;
  agents: readonly Agent[] | undefined;
}

/** Alerts about what this list finds out by itself, and earlier. */
const shownOtherwise = new Set(['blocked', 'uncertain', 'connection-halted', 'tunnel-down']);

/** What needs a person now, the worst first. What repairs itself is not in it. */
export function attentionOf({ connections = [], causes = [], alerts = [], agents = [] }: Known): Attention[] {
  const items = [
    ...connections.flatMap(ofHalt),
    ...agents.filter(({ session, revokedAt }) => session === null && revokedAt === null).map((agent) => ofAgent(agent, agents)),
    ...causes.flatMap(ofCause),
    ...alerts.filter(({ rule, acknowledgedAt }) => !shownOtherwise.has(rule) && acknowledgedAt === null).map(ofAlert),
  ];
  return [...items.filter(({ severity }) => severity === 'critical'), ...items.filter(({ severity }) => severity === 'warning')];
}

function ofHalt({ id, name, halt }: Pick<Connection, 'id' | 'name' | 'halt'>): Attention[] {
  if (!halt) return [];
  const title = `Connection ${name} is halted: ${halt.message}`;
  return [{ id: `halt ${id}`, severity: 'critical', title, fix: halt.fix, to: `/connections/${id}`, since: halt.at }];
}

function ofAgent({ id, siteId, name, machine, lastSeenAt, enrolledAt }: Agent, all: readonly Agent[]): Attention {
  const isServed = all.some((other) => other.siteId === siteId && other.session !== null);
  const meanwhile = isServed ? 'Another agent serves its site meanwhile.' : 'What it serves waits and goes out by itself.';
  return {
    id: `agent ${id}`,
    severity: isServed ? 'warning' : 'critical',
    title: `Agent ${name} is not connected`,
    fix: `Start it on ${machine}, or see whether it reaches the relay. ${meanwhile}`,
    to: `/agents/${id}`,
    since: lastSeenAt ?? enrolledAt,
  };
}

function ofCause({ id, flowId, integrationId, code, message, missing, states, oldestAt, fix }: Cause): Attention[] {
  const { blocked = 0, uncertain = 0, waiting = 0 } = states;
  const toApprove = code === 'BUSINESS_AGE' ? waiting : 0;
  const [records, state] = blocked > 0 ? [blocked, 'blocked'] : uncertain > 0 ? [uncertain, 'uncertain'] : [toApprove, 'waiting'];
  if (records === 0) return [];
  const filter = new URLSearchParams({ state, integrationId, flowId, reason: code }).toString();
  return [
    {
      id,
      severity: state === 'uncertain' ? 'critical' : 'warning',
      title: `${counted(records, 'record')} ${state === 'waiting' ? 'to be approved' : state}: ${missing ? missingWords(missing) : message}`,
      fix,
      to: missing ? `/mappings/${integrationId}/${encodeURIComponent(missing.valueMapId)}` : `/records?${filter}`,
      since: oldestAt,
    },
  ];
}

function ofAlert({ id, severity, title, fix, link, since }: Alert): Attention {
  return { id, severity: severity === 'critical' ? 'critical' : 'warning', title, fix, to: link.startsWith('/') ? link : '/alerts', since };
}

function missingWords({ valueMapId, codes }: NonNullable<Cause['missing']>): string {
  const named = codes.slice(0, 3).map(({ code }) => code);
  const more = codes.length - named.length;
  return `${valueMapId} has no entry for ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `1 record`, `12,000 records`. */
export function counted(count: number, one: string): string {
  return `${count.toLocaleString()} ${one}${count === 1 ? '' : 's'}`;
}
