import type { Distribution, Sample, SampleStore } from './samples.ts';
import { METRICS, type Metric, type MetricName } from './table.ts';

/** The text format that every Prometheus reads. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

type Label = readonly [name: string, value: string];

/** Values together with the labels that all of them have. */
export interface SampleGroup {
  readonly labels: readonly Label[];
  readonly stores: readonly SampleStore[];
}

/** Every metric that has a value, in the order of the table, then of the groups, then of the labels. */
export function toExposition(groups: readonly SampleGroup[]): string {
  return (Object.keys(METRICS) as MetricName[]).map((name) => metricText(name, METRICS[name], groups)).join('');
}

function metricText(name: MetricName, metric: Metric, groups: readonly SampleGroup[]): string {
  const lines = groups.flatMap(({ labels, stores }) =>
    stores.flatMap((store) => store.samplesOf(name)).flatMap((sample) => sampleLines(name, metric, labels, sample)),
  );
  if (lines.length === 0) return '';
  return `# HELP ${name} ${escapeHelp(metric.help)}\n# TYPE ${name} ${metric.type}\n${lines.join('')}`;
}

function sampleLines(name: string, metric: Metric, shared: readonly Label[], sample: Sample): readonly string[] {
  const labels = [...shared, ...sample.labels];
  if (typeof sample.value === 'number') return [line(name, labels, sample.value)];
  return distributionLines(name, metric.buckets ?? [], labels, sample.value);
}

function distributionLines(
  name: string,
  buckets: readonly number[],
  labels: readonly Label[],
  { counts, sum }: Distribution,
): readonly string[] {
  let total = 0;
  const bucketLines = counts.map((count, index) => {
    total += count;
    const bound = numberText(buckets[index] ?? Number.POSITIVE_INFINITY);
    return line(`${name}_bucket`, [...labels, ['le', bound]], total);
  });
  return [...bucketLines, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, total)];
}

function line(name: string, labels: readonly Label[], value: number): string {
  const inside = labels.map(([label, text]) => `${label}="${escapeLabel(text)}"`).join(',');
  return `${name}${inside === '' ? '' : `{${inside}}`} ${numberText(value)}\n`;
}

function numberText(value: number): string {
  return value === Number.POSITIVE_INFINITY ? '+Inf' : String(value);
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
