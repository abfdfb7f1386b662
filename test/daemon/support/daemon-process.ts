import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import type {
  DaemonClock,
  IntendedPut,
  PolicyReading,
  PolicySource,
  PutEnd,
  StateStore,
} from '../../../src/core/domain/run/daemon-ports.ts';
import type { RowWrite } from '../../../src/core/domain/run/ports.ts';
import type { Daemon } from '../../../src/daemon/daemon.ts';
import type { PolicyControllerParts } from '../../../src/daemon/policy-controller.ts';
import { type Effect, Life } from './life.ts';
import { SlotSchedule } from './slot-schedule.ts';

/** Hears of everything that a daemon does, when it does it. */
export interface Listener {
  onEvent?(process: DaemonProcess, event: DaemonEvent): void;
  onLook?(process: DaemonProcess, reading: PolicyReading): void;
  onIntent?(process: DaemonProcess, put: IntendedPut): void;
  onOutcome?(process: DaemonProcess, put: IntendedPut, end: PutEnd): void;
  /** Before it is sent. */
  onPut?(process: DaemonProcess, access: number, rows: readonly RowWrite[]): void;
  beforeEffect?(process: DaemonProcess, effect: Effect): void;
}

/** A daemon that runs, or ran: its life, and all that it told. */
export class DaemonProcess {
  readonly life: Life;
  readonly listener: Listener;
  readonly schedule: SlotSchedule;
  readonly events: DaemonEvent[] = [];
  /** How it ended of itself, and how much it had told by then; null while it has not. */
  end: { readonly fault: unknown; readonly told: number } | null = null;
  #daemon: Daemon | null = null;

  constructor(clock: DaemonClock, listener: Listener, onActivity: () => void, stuckAt: Effect | null) {
    this.listener = listener;
    const beforeEffect = (effect: Effect) => {
      onActivity();
      listener.beforeEffect?.(this, effect);
    };
    this.life = new Life(clock, beforeEffect, stuckAt);
    this.schedule = new SlotSchedule(this.life);
  }

  get daemon(): Daemon {
    if (this.#daemon === null) throw new Error('the daemon was not begun');
    return this.#daemon;
  }

  run(daemon: Daemon): void {
    this.#daemon = daemon;
    daemon.live().then(
      () => {
        this.end = { fault: null, told: this.events.length };
      },
      (fault: unknown) => {
        this.end = { fault, told: this.events.length };
      },
    );
  }

  controllerParts(file: PolicySource, state: StateStore): Omit<PolicyControllerParts, 'claim'> {
    const { life, listener } = this;
    return {
      clock: life,
      state: {
        load: (account) => life.outside('load', () => state.load(account)),
        save: (memory) => life.outside('save', () => state.save(memory)),
        openPuts: () => life.outside('load', () => state.openPuts()),
        readPutReplaces: (account) => life.outside('load', () => state.readPutReplaces(account)),
        savePutReplaces: (found) => life.outside('save', () => state.savePutReplaces(found)),
        clearPutReplaces: (account) => life.outside('save', () => state.clearPutReplaces(account)),
      },
      source: {
        shownPath: file.shownPath,
        read: (signal) =>
          life.outside('look', async () => {
            const reading = await file.read(signal);
            listener.onLook?.(this, reading);
            return reading;
          }),
        watch: (watcher) => file.watch(watcher),
        neverChanges: () => file.neverChanges(),
      },
      emit: (event) => {
        if (life.isDead) return;
        this.events.push(event);
        listener.onEvent?.(this, event);
      },
    };
  }
}
