import { Daemon } from '../../../src/daemon/daemon.ts';
import type { LoopParts } from '../../../src/daemon/loop-parts.ts';
import type { Pacing } from '../../../src/daemon/pacing.ts';
import type { DaemonEvent } from '../../../src/domain/daemon-event.ts';
import type { IntendedPut, PutEnd, WriteJournal } from '../../../src/domain/daemon-ports.ts';
import type { PolicyReading } from '../../../src/domain/policy-reading.ts';
import type { AccountReader, AccountWriter, RowWrite } from '../../../src/domain/ports.ts';
import { createMailtrapClient } from '../../../src/mailtrap/client.ts';
import { createLimiter } from '../../../src/mailtrap/limiter.ts';
import type { AccountSeed } from '../../../src/simulator/seed.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/start-simulator.ts';
import { HttpTraffic } from './http-traffic.ts';
import { type Effect, Life } from './life.ts';
import { MemoryPolicy } from './memory-policy.ts';
import { MemoryState } from './memory-state.ts';
import { SlotSchedule } from './slot-schedule.ts';
import { STARTS_AT, VirtualClock } from './virtual-clock.ts';

export const SECRET = 'simulator-admin-token';

export const PACING: Pacing = {
  minIntervalMs: 5_000,
  startJitterMs: 2_000,
  runTimeoutMs: 600_000,
  runGraceMs: 30_000,
  pollIntervalMs: 60_000,
};

/** A daemon may need so long to stop: the deadline of a run, and its grace. */
const STOP_MOST_MS = PACING.runTimeoutMs + PACING.runGraceMs + 1_000;

/** Hears of everything that a daemon does, when it does it. */
export interface Listener {
  onEvent?(process: DaemonProcess, event: DaemonEvent): void;
  onLook?(process: DaemonProcess, reading: PolicyReading): void;
  /** Before the intent is written down. */
  onIntent?(process: DaemonProcess, put: IntendedPut): void;
  onOutcome?(process: DaemonProcess, put: IntendedPut, end: PutEnd): void;
  /** Before it is sent. */
  onPut?(process: DaemonProcess, access: number, rows: readonly RowWrite[]): void;
  beforeEffect?(process: DaemonProcess, effect: Effect): void;
}

/** A daemon that runs, or ran. */
export interface DaemonProcess {
  readonly life: Life;
  readonly daemon: Daemon;
  readonly schedule: SlotSchedule;
  readonly events: DaemonEvent[];
  /** How it ended; null while it lives. */
  end: { readonly fault: unknown } | null;
}

export interface WorldOptions {
  readonly seed: AccountSeed;
  readonly listener?: Listener;
  readonly pacing?: Partial<Pacing>;
  readonly sizes?: LoopParts['sizes'];
  /** Journal of the writes, where it is to be another one than memory. */
  readonly journal?: WriteJournal;
  /** One policy file for each name. */
  readonly files?: readonly string[];
}

/**
 * The real daemon and the real client, over HTTP to the simulator; policy file, state and journal in memory; and all the
 * time of the world in one place. Nothing happens unless it is asked for.
 */
export class DaemonWorld {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly files: readonly MemoryPolicy[];
  readonly state = new MemoryState();
  readonly #options: WorldOptions;
  readonly #traffic: HttpTraffic;
  readonly #setApiAhead: (byMs: number) => void;
  readonly #processes: DaemonProcess[] = [];
  #activity = 0;
  #runs = 0;

  private constructor(
    options: WorldOptions,
    clock: VirtualClock,
    simulator: Simulator,
    setApiAhead: (byMs: number) => void,
    hooks: { activity: () => void; quiet: () => Promise<void> },
  ) {
    this.#options = options;
    this.clock = clock;
    this.simulator = simulator;
    this.#setApiAhead = setApiAhead;
    this.files = (options.files ?? ['policy.yaml']).map((name) => new MemoryPolicy(name, () => clock.now()));
    hooks.activity = () => {
      this.#activity += 1;
    };
    hooks.quiet = () => this.quiet();
    this.#traffic = new HttpTraffic(simulator.url, hooks.activity);
  }

  static async open(options: WorldOptions): Promise<DaemonWorld> {
    const hooks = { activity: () => {}, quiet: async () => {} };
    const clock = new VirtualClock({ settle: () => hooks.quiet() });
    let apiAheadMs = STARTS_AT;
    const now = () => clock.monotonicMs() + apiAheadMs;
    const simulator = await startSimulator({ seed: options.seed, now, rateLimit: 'off', requestsKept: 100_000 });
    const setApiAhead = (byMs: number) => {
      apiAheadMs += byMs;
    };
    return new DaemonWorld(options, clock, simulator, setApiAhead, hooks);
  }

  get file(): MemoryPolicy {
    const [file] = this.files;
    if (file === undefined) throw new Error('the world has no policy file');
    return file;
  }

  /** The newest process. */
  get process(): DaemonProcess {
    const process = this.#processes.at(-1);
    if (process === undefined) throw new Error('nothing was begun');
    return process;
  }

  /** By how much the wall clock is ahead of the API's. */
  get skewMs(): number {
    return this.clock.now() - this.clock.monotonicMs() - this.#apiAheadMs;
  }

  get #apiAheadMs(): number {
    let ahead = 0;
    this.#setApiAhead(0);
    ahead = this.#apiAhead;
    return ahead;
  }

  #apiAhead = STARTS_AT;

  async close(): Promise<void> {
    for (const { life } of this.#processes) life.die();
    this.#traffic.close();
    await this.simulator.close();
  }

  /** Waits until nothing can go on without time passing. */
  async quiet(): Promise<void> {
    for (let calm = 0; calm < 3; ) {
      const before = this.#activity;
      await new Promise((resolve) => setImmediate(resolve));
      const busy = this.#processes.reduce((sum, { life }) => sum + life.busy, 0);
      calm = this.#activity === before && this.#traffic.inFlight === 0 && busy === 0 ? calm + 1 : 0;
    }
  }
}
