import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  METRICS,
  type Metric,
  type MetricName,
} from './table.ts';

/** A histogram: how many values fell into each bucket alone, the infinite one last, and the sum of all values. */
export interface Distribution {
  readonly counts: number[];
  sum: number;
}

/** One series: its labels in the order of the table, and its value. */
export interface Sample {
  readonly labels: readonly (readonly [name: string, value: string])[];
  value: number | Distribution;
}

/** Values of one account, or of the process. Grows only with the values of labels, and each label has a closed list. */
export class SampleStore {
  readonly #samples = new Map<MetricName, Map<string, Sample>>();

  /** Makes sure that a counter or histogram has a series, so that its first increase is seen as one. */
  begin<N extends CounterName | HistogramName>(name: N, labels: LabelsOf<N>): void {
    this.#sample(name, labels);
  }

  add<N extends CounterName>(name: N, labels: LabelsOf<N>, by = 1): void {
    const sample = this.#sample(name, labels);
    sample.value = Number(sample.value) + by;
  }

  set<N extends GaugeName>(name: N, labels: LabelsOf<N>, value: number): void {
    this.#sample(name, labels).value = value;
  }

  observe<N extends HistogramName>(name: N, labels: LabelsOf<N>, value: number): void {
    const { value: distribution } = this.#sample(name, labels);
    if (typeof distribution === 'number') return;
    const bucket = METRICS[name].buckets.findIndex((bound) => value <= bound);
    const at = bucket < 0 ? METRICS[name].buckets.length : bucket;
    distribution.counts[at] = (distribution.counts[at] ?? 0) + 1;
    distribution.sum += value;
  }

  /** The series of one metric, by their labels. */
  samplesOf(name: MetricName): readonly Sample[] {
    const samples = [...(this.#samples.get(name) ?? [])];
    return samples.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sample]) => sample);
  }

  #sample(name: MetricName, labels: Readonly<Record<string, string>>): Sample {
    const metric: Metric = METRICS[name];
    const pairs = metric.labels.map((label) => [label, labels[label] ?? ''] as const);
    const key = JSON.stringify(pairs.map(([, value]) => value));
    const series = this.#samples.get(name) ?? new Map<string, Sample>();
    this.#samples.set(name, series);
    const sample = series.get(key) ?? { labels: pairs, value: zeroOf(metric) };
    series.set(key, sample);
    return sample;
  }
}

function zeroOf({ buckets }: Metric): number | Distribution {
  return buckets === undefined ? 0 : { counts: Array.from({ length: buckets.length + 1 }, () => 0), sum: 0 };
}
