import type { AccountLease, StateStore } from '../../../src/core/domain/run/daemon-ports.ts';
import type { Instant } from '../../../src/core/domain/text/instant.ts';
import { Daemon } from '../../../src/daemon/daemon.ts';
import type { Pacing } from '../../../src/daemon/pacing.ts';
import type { WriteSizes } from '../../../src/daemon/run-account.ts';
import type { AccountSeed } from '../../../src/simulator/seed.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/start-simulator.ts';
// A run loads these when it first needs them, and simulated time does not wait for that.
import '../../../src/run/reconcile/preview.ts';
import '../../../src/run/reconcile/reconcile.ts';
import { provenPuts } from '../../support/put-ledgers.ts';
import { accountPorts } from './account-ports.ts';
import { DaemonProcess, type Listener } from './daemon-process.ts';
import { HttpTraffic } from './http-traffic.ts';
import type { Effect } from './life.ts';
import { MemoryPolicy } from './memory-policy.ts';
import { memoryStorage, type Storage } from './storage.ts';
import { STARTS_AT, VirtualClock } from './virtual-clock.ts';

export const PACING: Pacing = {
  minIntervalMs: 5_000,
  startJitterMs: 2_000,
  runTimeoutMs: 600_000,
  runGraceMs: 30_000,
  pollIntervalMs: 60_000,
};

/** After so many turns of the event loop in which nothing happens a wait looks once in a millisecond. */
const TURNS_AT_ONCE = 2_000;

export interface WorldOptions {
  readonly seed: AccountSeed;
  readonly listener?: Listener;
  readonly pacing?: Partial<Pacing>;
  readonly sizes?: WriteSizes;
  /** One policy file for each name. Default: `policy.yaml`. */
  readonly files?: readonly string[];
  /** Default: in memory. */
  readonly storage?: Storage;
  /** Where several replicas run. */
  readonly lease?: AccountLease | ((account: number) => AccountLease);
  /** An effect that never comes to an end. */
  readonly stuckAt?: Effect;
  /** Whether an earlier run saw that a PUT takes nothing that it does not name. Default: true. */
  readonly putsAreProven?: boolean;
  /** Seeds the chances of faults. */
  readonly faultSeed?: number;
  /** For one try, in real time. */
  readonly requestTimeoutMs?: number;
}

/**
 * The real daemon and the real client, over HTTP to the simulator; policy file, state and journal in memory; and all the
 * time of the world in one place. Nothing happens unless it is asked for.
 */
export class DaemonWorld {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly files: readonly MemoryPolicy[];
  readonly storage: Storage;
  readonly #options: WorldOptions;
  readonly #apiTime: { aheadMs: number };
  readonly #traffic: HttpTraffic;
  readonly #processes: DaemonProcess[] = [];
  #activity = 0;
  #runs = 0;

  private constructor(options: WorldOptions, clock: VirtualClock, simulator: Simulator, apiTime: { aheadMs: number }) {
    this.#options = options;
    this.clock = clock;
    this.simulator = simulator;
    this.#apiTime = apiTime;
    this.storage = options.storage ?? memoryStorage();
    this.files = (options.files ?? ['policy.yaml']).map((name) => new MemoryPolicy(name, () => clock.now()));
    this.#traffic = new HttpTraffic(simulator.url, () => this.#noteActivity());
  }

  static async open(options: WorldOptions): Promise<DaemonWorld> {
    const apiTime = { aheadMs: STARTS_AT };
    const clock: VirtualClock = new VirtualClock({ settle: () => world.quiet() });
    const simulator = await startSimulator({
      seed: options.seed,
      ...(options.faultSeed !== undefined && { faultSeed: options.faultSeed }),
      now: () => clock.monotonicMs() + apiTime.aheadMs,
      rateLimit: 'off',
      requestsKept: 100_000,
    });
    const world = new DaemonWorld(options, clock, simulator, apiTime);
    return world;
  }

  get file(): MemoryPolicy {
    return first(this.files);
  }

  /** The newest process. */
  get process(): DaemonProcess {
    return first(this.#processes.slice(-1));
  }

  get apiNow(): Instant {
    return this.clock.monotonicMs() + this.#apiTime.aheadMs;
  }

  /** By how much the machine's clock is ahead of the API's. */
  get skewMs(): number {
    return this.clock.now() - this.apiNow;
  }

  /** Sleeps as a laptop does: real time passes, and no clock of the process counts it. */
  suspend(durationMs: number): void {
    this.clock.jump(durationMs);
    this.#apiTime.aheadMs += durationMs;
  }

  /** Starts a daemon over all files. The one before must have ended. */
  async begin(): Promise<DaemonProcess> {
    const {
      lease,
      listener = {},
      stuckAt = null,
      putsAreProven = true,
      sizes = { rowsPerPut: 100, concurrency: 4 },
    } = this.#options;
    const { requestTimeoutMs } = this.#options;
    const place = { apiUrl: this.simulator.url, ...(requestTimeoutMs !== undefined && { requestTimeoutMs }) };
    const pacing = { ...PACING, ...this.#options.pacing };
    const process = new DaemonProcess(this.clock, listener, () => this.#noteActivity(), stuckAt);
    this.#processes.push(process);
    const daemon = new Daemon(
      this.files.map((file) => ({
        ...process.controllerParts(
          file,
          putsAreProven ? alreadyProven(this.storage.state, place.apiUrl) : this.storage.state,
        ),
        open: (account: number) => accountPorts(process, account, place, this.storage),
        ...(lease && {
          replicas: {
            lease: (account) => (typeof lease === 'function' ? lease(account) : lease),
            openReader: (account: number) => accountPorts(process, account, place, this.storage),
          },
        }),
        api: this.simulator.url,
        schedule: process.schedule,
        pacing,
        sizes,
        random: () => 0.5,
        newRunId: () => {
          this.#runs += 1;
          return `run-${this.#runs}`;
        },
      })),
    );
    process.run(daemon);
    await this.quiet();
    return process;
  }

  /** Stops the daemon as SIGTERM does, and waits until it has ended. Throws where it does not. */
  async stop(): Promise<void> {
    const { process } = this;
    // Whoever was killed has nothing left to stop.
    if (process.life.isDead) return;
    process.daemon.stop();
    const { runTimeoutMs, runGraceMs } = { ...PACING, ...this.#options.pacing };
    for (let waitedMs = 0; process.end === null; waitedMs += 1_000) {
      if (waitedMs > runTimeoutMs + runGraceMs) throw new Error('the daemon does not stop');
      await this.clock.advance(waitedMs === 0 ? 0 : 1_000);
    }
    process.life.die();
  }

  /** Kills the daemon as SIGKILL does. */
  async crash(): Promise<void> {
    this.process.life.die();
    await this.quiet();
  }

  async close(): Promise<void> {
    for (const { life } of this.#processes) life.die();
    this.#traffic.close();
    await this.simulator.close();
    await this.storage.remove();
  }

  /** Waits until nothing can go on without time passing. */
  async quiet(): Promise<void> {
    for (let calm = 0, still = 0; calm < 3; ) {
      const before = this.#activity;
      // Where nothing has happened for so long, something waits for a timer or a disk, and looking would only slow it down.
      await new Promise((resolve) => (still < TURNS_AT_ONCE ? setImmediate(resolve) : setTimeout(resolve, 1)));
      const isBusy = this.#traffic.inFlight > 0 || this.storage.busy > 0;
      const isSame = this.#activity === before;
      calm = isSame && !isBusy ? calm + 1 : 0;
      still = isSame ? still + 1 : 0;
    }
  }

  #noteActivity(): void {
    this.#activity += 1;
  }
}

/** The state as earlier runs left it: they saw that a PUT takes nothing that it does not name. */
function alreadyProven(state: StateStore, api: string): StateStore {
  return {
    load: async (account) => {
      const { memory, lost } = await state.load(account);
      const isNew = memory.puts.proofs.length + memory.puts.open.length === 0;
      return { memory: isNew ? { ...memory, puts: provenPuts(api) } : memory, lost };
    },
    save: (memory) => state.save(memory),
    openPuts: () => state.openPuts(),
    readPutReplaces: (account) => state.readPutReplaces(account),
    savePutReplaces: (found) => state.savePutReplaces(found),
    clearPutReplaces: (account) => state.clearPutReplaces(account),
  };
}

function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('nothing was begun');
  return item;
}
