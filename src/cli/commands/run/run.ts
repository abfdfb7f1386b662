import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { createLimiter, type Limiter } from '../../../adapters/mailtrap/transport/limiter.ts';
import { createPolicySource } from '../../../adapters/policy-file/policy-source.ts';
import type { EmitEvent } from '../../../core/domain/run/daemon-event.ts';
import type { DaemonClock, StateStore } from '../../../core/domain/run/daemon-ports.ts';
import { createCronSchedule } from '../../../daemon/cron-schedule.ts';
import { Daemon } from '../../../daemon/daemon.ts';
import type { LoopParts } from '../../../daemon/loop-parts.ts';
import type { CallContext } from '../../line/command.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { type Cluster, openCluster } from '../../open/cluster.ts';
import { environmentProxies } from '../../open/connect.ts';
import { auditFlags } from '../../open/journal.ts';
import { checkPolicyText, validator } from '../../open/policy.ts';
import { stateFlags } from '../../open/put-ledger.ts';
import { daemonClock } from '../../process/node-io.ts';
import { readVersion } from '../../process/shipped-file.ts';
import { openAccountPorts, openReadPorts } from './account-ports.ts';
import { type DaemonOutlets, openHttp, openOutlets } from './outlets.ts';
import { type DaemonPolicy, daemonPolicies } from './policies.ts';
import { DaemonStop } from './stop.ts';

/** How long running notifications may take when the daemon ends. */
const FLUSH_MOST_MS = 2_000;

/** How long grantd waits before it loads modules ahead, so that the first read of the policy file comes before that. */
const LOAD_AHEAD_DELAY_MS = 60;

/** The whole life of a daemon, from its settings to its last line. */
export async function runDaemon(call: CallContext): Promise<ExitCode> {
  const { io, settings } = call;
  // Otherwise each run would fail anew, and the daemon would never say so before.
  environmentProxies(io);
  const clock = daemonClock(io.clock);
  const version = await readVersion();
  const policies = daemonPolicies(call);
  let isUnread = false;
  let stop: DaemonStop | null = null;
  const outlets = await openOutlets(call, version, clock, () => {
    isUnread = true;
    stop?.stop('standard output has no reader any more');
  });
  const { emit } = outlets;
  const cluster = await openCluster(call, clock);
  const state = cluster.state ?? (await openState(call));
  const daemon = new Daemon(loopParts(call, { policies, clock, emit, cluster, state }));
  const http = await openHttp(call, daemon, outlets);
  emit({
    kind: 'daemon.started',
    version,
    policies: policies.map(({ shownPath }) => shownPath),
    schedule: settings.schedule,
    timezone: settings.timezone,
    stateDir: settings.stateDir,
    httpAddress: http?.address ?? null,
  });
  if (http?.ipv4Only) emit({ kind: 'http.other-address', httpAddress: http.address, reason: http.ipv4Only });
  stop = new DaemonStop({ io, clock, daemon, emit, stopTimeoutMs: settings.stopTimeoutMs });
  if (isUnread) stop.stop('standard output has no reader any more');
  loadAhead();
  try {
    await daemon.live();
  } finally {
    stop.end();
    await end(outlets, http);
  }
  return isUnread ? EXIT.failed : EXIT.done;
}

/** The state of a daemon: in the state directory, or in memory if none is set. */
async function openState({ io, settings: { stateDir } }: CallContext): Promise<StateStore> {
  if (stateDir === null) {
    const { createMemoryStateStore } = await import('../../../adapters/state/memory-state-store.ts');
    return createMemoryStateStore();
  }
  const { createFileStateStore } = await import('../../../adapters/state/file-state-store.ts');
  return createFileStateStore({ dir: resolve(io.cwd, stateDir) });
}

/**
 * Loads what the first run needs while the daemon waits for the policy file to settle. The run imports the same modules
 * again, at no cost, and reports a failure.
 */
function loadAhead(): void {
  const load = () =>
    void Promise.all([
      validator(),
      import('../../../adapters/mailtrap/client.ts'),
      import('../../../run/reconcile/reconcile.ts'),
    ]).catch(() => {});
  setTimeout(load, LOAD_AHEAD_DELAY_MS).unref();
}

async function end({ notifier, emit }: DaemonOutlets, http: { close(): Promise<void> } | null): Promise<void> {
  await notifier.flush(FLUSH_MOST_MS);
  notifier.close();
  await http?.close();
  emit({ kind: 'daemon.stopped' });
}

interface LoopSources {
  readonly policies: readonly DaemonPolicy[];
  readonly clock: DaemonClock;
  readonly emit: EmitEvent;
  readonly cluster: Cluster;
  readonly state: StateStore;
}

function loopParts(
  call: CallContext,
  { policies, clock, emit, cluster: { lease }, state }: LoopSources,
): readonly Omit<LoopParts, 'claim' | 'left'>[] {
  const { io, settings } = call;
  const { schedule: expression, timezone, settleMs, watch } = settings;
  const { minIntervalMs, startJitterMs, runTimeoutMs, pollIntervalMs, requestTimeoutMs } = settings;
  const limiters = new Map<string, Limiter>();
  return policies.map(({ path, shownPath, token, tokenKey }) => {
    const limiter = limiters.get(tokenKey) ?? createLimiter({ clock });
    limiters.set(tokenKey, limiter);
    const source = createPolicySource({
      path,
      shownPath,
      settleMs,
      clock,
      watch: { mode: watch },
      check: checkPolicyText,
    });
    const connection = { io, settings, token, limiter, policy: shownPath, emit };
    return {
      source,
      state,
      clock,
      emit,
      schedule: createCronSchedule({ expression, timezone }),
      open: (account) => openAccountPorts(connection, account),
      api: settings.apiUrl,
      ...(lease && { replicas: { lease, openReader: (account: number) => openReadPorts(connection, account) } }),
      pacing: { minIntervalMs, startJitterMs, runTimeoutMs, runGraceMs: requestTimeoutMs, pollIntervalMs },
      sizes: { rowsPerPut: settings.rowsPerPut, concurrency: settings.concurrency },
      applyFlags: auditFlags(settings),
      clearFlags: stateFlags(settings),
      random: io.random,
      newRunId: randomUUID,
    };
  });
}
