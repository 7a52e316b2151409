export interface DenylistRule {
  /** Deliveries of the window before it is judged. */
  least: number;
  /** Share that must succeed. */
  ratio: number;
  windowMs: number;
  blockMs: number;
}

/** As published (facts/bigcommerce.md 5.6), before time is compressed. */
export const publishedDenylist: DenylistRule = { least: 100, ratio: 0.9, windowMs: 120_000, blockMs: 180_000 };

interface Domain {
  deliveries: { at: number; succeeded: boolean }[];
  blockedUntil: number;
  reasons: Map<string, { count: number; timestamp: number }>;
}

/** Which domains of which client get nothing for a while, because too much failed there. */
export class Denylist {
  readonly rule: DenylistRule;
  private readonly domains = new Map<string, Domain>();

  constructor(rule: DenylistRule) {
    this.rule = rule;
  }

  isBlocked(clientId: string, host: string, now: number): boolean {
    return (this.domains.get(`${clientId} ${host}`)?.blockedUntil ?? 0) > now;
  }

  /** Notes how a delivery ended; true when that blocks the domain. */
  note({
    clientId,
    host,
    succeeded,
    reason,
    now,
  }: {
    clientId: string;
    host: string;
    succeeded: boolean;
    reason: string;
    now: number;
  }): boolean {
    const key = `${clientId} ${host}`;
    const domain = this.domains.get(key) ?? { deliveries: [], blockedUntil: 0, reasons: new Map() };
    this.domains.set(key, domain);
    domain.deliveries = domain.deliveries.filter(({ at }) => at > now - this.rule.windowMs);
    domain.deliveries.push({ at: now, succeeded });
    if (!succeeded) domain.reasons.set(reason, { count: (domain.reasons.get(reason)?.count ?? 0) + 1, timestamp: Math.floor(now / 1000) });
    const { length } = domain.deliveries;
    const good = domain.deliveries.filter((one) => one.succeeded).length;
    if (domain.blockedUntil > now || length < this.rule.least || good >= length * this.rule.ratio) return false;
    domain.blockedUntil = now + this.rule.blockMs;
    domain.deliveries = [];
    return true;
  }

  /** As `/hooks/admin` shows them. */
  blocked(clientId: string, now: number): unknown[] {
    return [...this.domains].flatMap(([key, { blockedUntil, reasons }]) => {
      const [client, destination] = key.split(' ');
      if (client !== clientId || blockedUntil <= now) return [];
      const shown = [...reasons].map(([failure_description, more]) => ({ failure_description, ...more }));
      return [{ destination, time_left: Math.ceil((blockedUntil - now) / 1000), reasons: shown }];
    });
  }
}
