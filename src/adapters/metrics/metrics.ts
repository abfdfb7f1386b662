import type { DaemonObserver } from '../../core/domain/run/daemon-event.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { compareText } from '../../core/domain/text/text.ts';
import { AccountSamples } from './account.ts';
import { EXPOSITION_TYPE, toExposition } from './exposition.ts';
import { SampleStore } from './samples.ts';

export interface MetricsOptions {
  /** Of grantd. */
  readonly version: string;
  readonly nodeVersion?: string;
  readonly now?: () => Instant;
}

export interface Metrics {
  readonly observe: DaemonObserver;
  /** All metrics in the text format, as of now. */
  render(): string;
  /** The `Content-Type` of what `render` gives. */
  readonly contentType: string;
}

/** Counts and measures what the daemon tells. Holds as much as there are policies, however long it lives. */
export function createMetrics({
  version,
  nodeVersion = process.versions.node,
  now = Date.now,
}: MetricsOptions): Metrics {
  const own = new SampleStore();
  const accounts = new Map<string, AccountSamples>();
  own.set('grantd_build_info', { version, node_version: nodeVersion }, 1);
  own.begin('grantd_notifications_lost_total', {});

  function samplesOf(policy: string): AccountSamples {
    const samples = accounts.get(policy) ?? new AccountSamples(policy);
    accounts.set(policy, samples);
    return samples;
  }

  const observe: DaemonObserver = (event) => {
    if (event.kind === 'daemon.started') for (const policy of event.policies) samplesOf(policy);
    if (event.kind === 'notify.failed') own.add('grantd_notifications_lost_total', {});
    if (event.kind === 'notify.dropped') own.add('grantd_notifications_lost_total', {}, event.count);
    if ('policy' in event) samplesOf(event.policy).take(event, now());
  };

  return {
    observe,
    contentType: EXPOSITION_TYPE,
    render: () => {
      const sorted = [...accounts].sort(([a], [b]) => compareText(a, b));
      return toExposition([{ labels: [], store: own }, ...sorted.map(([, samples]) => samples.group)]);
    },
  };
}
