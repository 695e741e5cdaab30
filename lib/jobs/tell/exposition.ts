/** A figure of Prometheus, and what it is of. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  /** One that is not known is left out: no figure is better than a wrong one. */
  readonly value: number | boolean | undefined;
}

const escaped = (text: string) => text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n');

/**
 * The text format of Prometheus, as node_exporter reads it from a file; pure. All are gauges: each is as things are now.
 * Without times of their own, which node_exporter takes for a fault.
 */
export function exposition(metrics: readonly Metric[]): string {
  return metrics
    .flatMap(({ name, help, samples }) => {
      const lines = samples.flatMap(({ labels = {}, value }) => {
        const number = Number(value);
        if (value === undefined || !Number.isFinite(number)) return [];
        const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text).replace(/"/g, '\\"')}"`);
        return [`${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${number}\n`];
      });
      return lines.length === 0 ? [] : [`# HELP ${name} ${escaped(help)}\n# TYPE ${name} gauge\n`, ...lines];
    })
    .join('');
}
