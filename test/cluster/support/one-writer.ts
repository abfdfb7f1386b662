import type { LoggedRequest } from '../../../src/simulator/request-log.ts';
import type { LeaseJson, ReplicaName } from './fleet.ts';

/** A time in which one holder had the Lease of an account, as the cluster stored it. */
interface PolicyOutcome {
  readonly account: number;
  readonly holder: ReplicaName | null;
  readonly fromMs: number;
  /** When the next holder took it; infinite for the last one. */
  untilMs: number;
  /** Until when its last renewal lasts. */
  lastsMs: number;
}

/**
 * Every PUT that arrived while somebody else had the Lease of the account, or after the sender's had ended: none, if there
 * is one writer. All clocks are of one machine; each time in a Lease was taken before it was sent.
 */
export function intruders(
  leases: readonly LeaseJson[],
  requests: readonly LoggedRequest[],
  holders: ReadonlyMap<string, ReplicaName>,
  durationMs: number,
): readonly string[] {
  const reigns = reignsOf(leases, holders, durationMs);
  return requests
    .filter(({ method }) => method === 'PUT')
    .flatMap(({ at, path, token, seq }) => {
      const account = Number(/accounts\/(\d+)\//.exec(path)?.[1]);
      const reign = reigns.find((one) => one.account === account && one.fromMs <= at && at < one.untilMs);
      const what = `PUT ${seq} by ${token} to account ${account} at ${at}`;
      if (reign === undefined) return [`${what}: nobody held its Lease`];
      if (reign.holder !== token) return [`${what}: ${reign.holder} held its Lease since ${reign.fromMs}`];
      return at > reign.lastsMs ? [`${what}: its Lease had ended at ${reign.lastsMs}`] : [];
    });
}

function reignsOf(
  leases: readonly LeaseJson[],
  holders: ReadonlyMap<string, ReplicaName>,
  durationMs: number,
): readonly PolicyOutcome[] {
  const reigns: PolicyOutcome[] = [];
  const current = new Map<number, PolicyOutcome>();
  for (const { metadata, spec } of leases) {
    const account = Number(metadata.name.replace('grantd-', ''));
    const holder = holders.get(spec.holderIdentity ?? '') ?? null;
    const renewedMs = Date.parse(spec.renewTime);
    const reign = current.get(account);
    if (reign !== undefined && reign.holder === holder) {
      reign.lastsMs = renewedMs + durationMs;
      continue;
    }
    if (reign !== undefined) reign.untilMs = renewedMs;
    const next = {
      account,
      holder,
      fromMs: renewedMs,
      untilMs: Number.POSITIVE_INFINITY,
      lastsMs: renewedMs + durationMs,
    };
    current.set(account, next);
    reigns.push(next);
  }
  return reigns;
}
