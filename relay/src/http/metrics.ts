/** Counts what happens and shows it in Prometheus' text format. */
export interface Metrics {
  /** Adds one to a counter. Few labels, with few values: never an id. */
  count(name: string, labels?: Record<string, string>): void;
  /** All counters, and what `gauges` measure now. */
  text(gauges: readonly Gauge[]): string;
}

export interface Gauge {
  name: string;
  help: string;
  values: readonly { labels?: Record<string, string>; value: number }[];
}

/** `help` names every counter there is with what it counts. */
export function countMetrics(help: Readonly<Record<string, string>>): Metrics {
  const counters = new Map<string, Map<string, number>>(Object.keys(help).map((name) => [name, new Map<string, number>()]));
  return {
    count(name, labels = {}) {
      const series = counters.get(name);
      if (!series) throw new Error(`there is no counter ${name}`);
      const key = labelText(labels);
      series.set(key, (series.get(key) ?? 0) + 1);
    },
    text(gauges) {
      const counted = [...counters].map(([name, series]) =>
        block({ name, help: help[name] ?? '', kind: 'counter', lines: [...series].map(([labels, value]) => `${name}${labels} ${value}`) }),
      );
      const measured = gauges.map(({ name, help, values }) =>
        block({ name, help, kind: 'gauge', lines: values.map(({ labels = {}, value }) => `${name}${labelText(labels)} ${value}`) }),
      );
      return [...counted, ...measured].join('');
    },
  };
}

function block({ name, help, kind, lines }: { name: string; help: string; kind: string; lines: string[] }): string {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`, ...lines].map((line) => `${line}\n`).join('');
}

function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${/[\\"\n]/.test(value) ? escaped(value) : value}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
}
