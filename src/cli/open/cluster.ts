import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { objectName } from '../../adapters/settings/kubernetes-kinds.ts';
import { encodeMemory } from '../../adapters/state/memory-json.ts';
import { decodePutReplaces, encodePutReplaces } from '../../adapters/state/put-memory-json.ts';
import { readMemory } from '../../adapters/state/read-memory.ts';
import type { AccountLease, DaemonClock, StateStore } from '../../core/domain/run/daemon-ports.ts';
import type { CallContext } from '../line/command.ts';
import { readVersion } from '../process/shipped-file.ts';
import { clusterPlace } from './cluster-place.ts';

/** What grantd uses the Kubernetes API for; null for what the settings do not ask for. */
export interface Cluster {
  readonly lease: ((account: number) => AccountLease) | null;
  readonly state: StateStore | null;
}

/** Sends nothing yet. Throws `InvalidSettings` if the API is needed and no setting or variable says where it is. */
export async function openCluster(call: CallContext, clock: DaemonClock): Promise<Cluster> {
  const { settings } = call;
  const { stateConfigMap } = settings;
  if (settings.lease === 'off' && stateConfigMap === null) return { lease: null, state: null };
  const { KubeApi } = await import('../../adapters/kubernetes/kube-api.ts');
  const api = new KubeApi(clusterPlace(call, await readVersion()));
  const leases = settings.lease === 'off' ? null : await openLeases(call, clock, api);
  const mayWrite = (account: number) => leases === null || leases(account).status().kind === 'held';
  const { createConfigMapStateStore } = await import('../../adapters/kubernetes/config-map-store.ts');
  if (stateConfigMap === null) return { lease: leases, state: null };
  const state = createConfigMapStateStore({
    api,
    nameOf: (account) => objectName(stateConfigMap, account),
    codec: { encode: encodeMemory, decode: readMemory, encodePutReplaces, decodePutReplaces },
    clock,
    requestMs: STATE_REQUEST_MS,
    mayWrite,
  });
  return { lease: leases, state };
}

const STATE_REQUEST_MS = 10_000;

async function openLeases(
  { io, settings }: CallContext,
  clock: DaemonClock,
  api: ConstructorParameters<typeof import('../../adapters/kubernetes/lease-calls.ts').LeaseCalls>[0],
): Promise<(account: number) => AccountLease> {
  const [{ Elector }, { LeaseCalls }, { leaseTiming }] = await Promise.all([
    import('../../adapters/kubernetes/elector.ts'),
    import('../../adapters/kubernetes/lease-calls.ts'),
    import('../../adapters/kubernetes/lease-timing.ts'),
  ]);
  const identity = newIdentity();
  const leading = new Set<unknown>();
  const leases = new Map<number, AccountLease>();
  return (account) => {
    const name = objectName(settings.leaseName, account);
    const known =
      leases.get(account) ??
      new Elector({
        calls: new LeaseCalls(api, name),
        name,
        namespace: api.place.namespace,
        identity,
        timing: leaseTiming(settings.leaseDurationSeconds * 1000),
        clock,
        random: io.random,
        leading,
      });
    leases.set(account, known);
    return known;
  };
}

/** The name of the pod and a random part, so that a restarted process is another replica. */
function newIdentity(): string {
  return `${hostname()}_${randomBytes(4).toString('hex')}`;
}
