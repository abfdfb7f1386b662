import type { AccountStatus } from '../../core/domain/status/account-status.ts';
import type { DaemonObserver } from '../../core/domain/status/status-update.ts';
import { compareText } from '../../core/domain/text/text.ts';
import { countEvent, newCounters } from './counters.ts';
import { EXPOSITION_TYPE, type SampleGroup, toExposition } from './exposition.ts';
import { gaugesOf } from './gauges.ts';
import { SampleStore } from './samples.ts';

export interface MetricsOptions {
  /** Of grantd. */
  readonly version: string;
  readonly nodeVersion?: string;
  /** The status of every account, as of now. */
  readonly accounts: () => readonly AccountStatus[];
}

export interface Metrics {
  readonly observe: DaemonObserver;
  /** All metrics in the text format, as of now. */
  render(): string;
  /** The `Content-Type` of what `render` gives. */
  readonly contentType: string;
}

/**
 * Counts events, and shows the status of each account as gauges. Holds as much as there are policies, however long the
 * daemon lives.
 */
export function createMetrics({ version, nodeVersion = process.versions.node, accounts }: MetricsOptions): Metrics {
  const own = new SampleStore();
  const counters = new Map<string, SampleStore>();
  own.set('grantd_build_info', { version, node_version: nodeVersion }, 1);
  own.begin('grantd_notifications_lost_total', {});

  function countersOf(policy: string): SampleStore {
    const store = counters.get(policy) ?? newCounters();
    counters.set(policy, store);
    return store;
  }

  function groupOf(status: AccountStatus): SampleGroup {
    // Prometheus takes an empty label for none.
    const account = status.account === null ? '' : String(status.account);
    return {
      labels: [
        ['account', account],
        ['policy', status.policy],
      ],
      stores: [countersOf(status.policy), gaugesOf(status)],
    };
  }

  return {
    observe: ({ event, before }) => {
      if (event.kind === 'notify.failed') own.add('grantd_notifications_lost_total', {});
      if (event.kind === 'notify.dropped') own.add('grantd_notifications_lost_total', {}, event.count);
      if (before !== null) countEvent(countersOf(before.policy), event);
    },
    contentType: EXPOSITION_TYPE,
    render: () => {
      const sorted = [...accounts()].sort((a, b) => compareText(a.policy, b.policy));
      return toExposition([{ labels: [], stores: [own] }, ...sorted.map(groupOf)]);
    },
  };
}
