import type { DaemonEvent } from '../../../../src/core/domain/run/daemon-event.ts';
import { fedMetrics } from '../../../support/observed.ts';
import { readScrape } from './exposition-reader.ts';

/** How far two scrapes are apart: below the 5 minutes after which Prometheus takes a series for gone. */
export const STEP_MINUTES = 4;

/** What the daemon tells at a minute; null: it is gone, and nothing is scraped. */
export type Moment = (minute: number) => readonly DaemonEvent[] | null;

export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/**
 * Scrapes a daemon that lives from minute 0 on, at every step, and gives what Prometheus would have kept. Only what differs
 * from being scraped is left out: labels of the target.
 */
export function timelineSeries(minutes: number, at: Moment): readonly InputSeries[] {
  let nowMs = 0;
  const metrics = fedMetrics({ version: '0.1.0', nodeVersion: '20', now: () => nowMs });
  const steps = Math.floor(minutes / STEP_MINUTES) + 1;
  const values = new Map<string, string[]>();
  for (let step = 0; step < steps; step += 1) {
    nowMs = step * STEP_MINUTES * 60_000;
    const events = at(step * STEP_MINUTES);
    for (const event of events ?? []) metrics.observe(event);
    if (events === null) continue;
    for (const [series, value] of readScrape(metrics.render())) {
      const row = values.get(series) ?? Array.from({ length: steps }, () => '_');
      row[step] = String(value);
      values.set(series, row);
    }
  }
  return [...values].map(([series, row]) => ({ series, values: row.join(' ') }));
}

/** Expects that at a minute exactly this alert fires, or none. */
export function firingAt(minute: number, alert: string | null) {
  return {
    expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
    eval_time: `${minute}m`,
    exp_samples: alert === null ? [] : [{ labels: `{alertname="${alert}"}`, value: 1 }],
  };
}
