import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { METRICS, type Metric } from '../../../src/adapters/metrics/table.ts';
import { RUN_ENDS, type RunEnd, TRIGGERS } from '../../../src/core/domain/run/daemon-event.ts';
import { ROOT } from '../../support/build.ts';
import { fedMetrics } from '../../support/observed.ts';
import { endedRun, everyEvent, NOW, ORIGIN } from '../log/support/events.ts';
import { readScrape, valueIn } from './support/exposition-reader.ts';

const ACCEPTED = everyEvent().filter(({ kind }) => kind === 'policy.accepted')[0] ?? endedRun('complete');

function metricsOf(events = everyEvent()) {
  const metrics = fedMetrics({ version: '0.1.0', now: () => NOW });
  for (const event of events) metrics.observe(event);
  return metrics;
}

describe('the text of a scrape', () => {
  it('is of the text format that Prometheus reads', () => {
    expect(metricsOf().contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(metricsOf().render()).toMatch(
      /^# HELP grantd_build_info .*\n# TYPE grantd_build_info gauge\ngrantd_build_info\{/,
    );
    expect(metricsOf().render().endsWith('\n')).toBe(true);
  });

  it('escapes labels, so that each sample stays one line', () => {
    const policy = 'a "b" \\ c\nd {e="f"} ü';
    const text = metricsOf([{ kind: 'schedule.missed', policy, account: 1 }]).render();
    expect(text).toContain('policy="a \\"b\\" \\\\ c\\nd {e=\\"f\\"} ü"');
    expect(readScrape(text).size).toBeGreaterThan(10);
  });

  it('holds every metric of the table, each with one HELP and one TYPE, before its samples, in the order of the table', () => {
    const lines = metricsOf().render().trimEnd().split('\n');
    const typed = lines.flatMap((line) => /^# TYPE (\S+) (\S+)$/.exec(line)?.slice(1).join(' ') ?? []);
    expect(typed).toEqual(Object.entries(METRICS).map(([name, { type }]) => `${name} ${type}`));
    expect(lines.filter((line) => line.startsWith('# HELP ')).length).toBe(typed.length);
    let current = '';
    for (const line of lines) {
      current = /^# TYPE (\S+)/.exec(line)?.[1] ?? current;
      if (!line.startsWith('#')) expect(line.startsWith(current)).toBe(true);
    }
  });

  it('is the same text for the same events, and sorts accounts and labels whatever came first', () => {
    const missed = (policy: string) => ({ kind: 'schedule.missed', policy, account: 1 }) as const;
    expect(metricsOf().render()).toBe(metricsOf().render());
    expect(metricsOf([missed('b'), missed('a')]).render()).toBe(metricsOf([missed('a'), missed('b')]).render());
  });

  it('does not grow with what happens', () => {
    const once = metricsOf();
    const size = once.render().split('\n').length;
    for (let round = 0; round < 50; round += 1) for (const event of everyEvent()) once.observe(event);
    expect(once.render().split('\n').length).toBe(size);
  });

  it('ends every histogram with +Inf, a sum and a count, and its buckets only grow', () => {
    const scrape = readScrape(metricsOf().render());
    for (const [name, metric] of Object.entries(METRICS).filter(([, { type }]) => type === 'histogram')) {
      const buckets = [...scrape].filter(([series]) => series.startsWith(`${name}_bucket`));
      const counts = [...scrape].filter(([series]) => series.startsWith(`${name}_count`));
      const { buckets: bounds = [] } = metric as Metric;
      expect(buckets.length).toBe((bounds.length + 1) * counts.length);
      const groups = counts.map(([, count], index) => ({
        count,
        values: buckets.slice(index * (bounds.length + 1), (index + 1) * (bounds.length + 1)),
      }));
      for (const { count, values } of groups) {
        expect(values.at(-1)?.[0]).toContain('le="+Inf"');
        expect(values.at(-1)?.[1]).toBe(count);
        expect(values.map(([, value]) => value)).toEqual(values.map(([, value]) => value).sort((a, b) => a - b));
      }
    }
  });

  it('carries account and policy on everything that is of an account, and on nothing else', () => {
    for (const series of readScrape(metricsOf().render()).keys()) {
      const name = series.replace(/\{.*/, '').replace(/_(bucket|sum|count)$/, '') as keyof typeof METRICS;
      const metric: Metric = METRICS[name];
      expect(series.includes(`{account="3229",policy="${ORIGIN.policy}"`), series).toBe(metric.of === 'account');
    }
  });
});

describe('docs/metrics.md', () => {
  const page = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(grantd_[a-z_]+)` \| (\w+) \|([^|]*)\|([^|]+)\|/gm)].map(
    ([, name, type, labels, says]) => [name, type, labels?.trim(), says?.trim()],
  );

  it('has a row for every metric, with its type, labels and meaning, and no other', () => {
    const expected = Object.entries(METRICS).map(([name, metric]: [string, Metric]) => [
      name,
      metric.type,
      metric.labels.map((label) => `\`${label}\``).join(', '),
      metric.help,
    ]);
    expect(rows.sort()).toEqual(expected.sort());
  });

  it('says what every result and every trigger means, and whether a result is a success', () => {
    const said = [...page.matchAll(/^\| `([a-z]+)` \| ([^|]+) \|(?: (yes|no) \|)?$/gm)].map(([, word, says, success]) =>
      [word, says, success].join(' '),
    );
    const results = Object.entries(RUN_ENDS).map(([word, says]) => {
      const scrape = readScrape(metricsOf([ACCEPTED, endedRun(word as RunEnd)]).render());
      const at = valueIn(scrape, 'grantd_last_success_timestamp_seconds');
      return [word, says, at === 0 ? 'no' : 'yes'].join(' ');
    });
    const triggers = Object.entries(TRIGGERS).map(([word, says]) => [word, says, ''].join(' '));
    expect(said.sort()).toEqual([...results, ...triggers].sort());
  });

  it('names the buckets of every histogram', () => {
    for (const [name, metric] of Object.entries(METRICS) as [string, Metric][]) {
      if (metric.buckets) expect(page).toContain(`| \`${name}\` | ${metric.buckets.join(', ')} |`);
    }
  });
});
