import type { RunEnded } from '../../../src/core/domain/run/daemon-event.ts';
import { planLeft } from '../../../src/core/domain/run/run-result.ts';
import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import { SimulatorInputError } from '../../../src/simulator/input-error.ts';
import { ACCOUNT, treeOf } from '../../support/small-seed.ts';
import type { DaemonProcess, Listener } from './daemon-process.ts';
import { DaemonWorld } from './daemon-world.ts';
import type { Effect } from './life.ts';
import { OutletsWitness } from './outlets-witness.ts';
import { draftText, type PolicyDraft } from './policy-draft.ts';
import { smallAccount } from './small-account.ts';
import type { Course, Happening, Spoil, Step } from './steps.ts';
import { diskStorage, memoryStorage } from './storage.ts';
import { Witness } from './witness.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The policy with which every course ends: it can always be applied, and names everybody. */
const LAST: PolicyDraft = {
  grants: [
    { to: ['ann@x.test'], resource: ['project:Web'], level: 'admin' },
    { to: ['bob@x.test', 'cid@x.test', 'inv@x.test', 'prot@x.test'], resource: ['inbox:Web/Live'], level: 'viewer' },
  ],
};

/** Plays a course of events with a witness, and throws the first complaint. Then all is well again, and the account must become right. */
export async function playCourse(course: Course): Promise<void> {
  const player = await Player.open(course);
  try {
    await player.play(course.steps);
    await player.end();
  } finally {
    await player.close();
  }
}

interface Armed {
  readonly before: Effect;
  readonly what: Happening;
  skip: number;
}

class Player {
  readonly #world: DaemonWorld;
  readonly #witness: Witness;
  readonly #outlets: OutletsWitness;
  readonly #armed: Armed[] = [];
  #good: string;

  private constructor(world: DaemonWorld, witness: Witness, outlets: OutletsWitness, first: PolicyDraft) {
    this.#world = world;
    this.#witness = witness;
    this.#outlets = outlets;
    this.#good = draftText(first, world.clock.now());
    world.file.save(this.#good);
    witness.begin();
  }

  static async open({ rows, isTokenListed, rowsPerPut, concurrency, isOnDisk, first }: Course): Promise<Player> {
    const seed = smallAccount(rows, isTokenListed);
    const tree = treeOf(seed);
    const witness: Witness = new Witness(
      () => world,
      () => tree,
    );
    const outlets = new OutletsWitness();
    const listener: Listener = {
      onEvent: (process, event) => {
        witness.onEvent(process, event);
        outlets.onEvent(process, event);
      },
      onLook: (process, reading) => {
        witness.onLook(process, reading);
        outlets.onLook(process, reading);
      },
      onIntent: (process, put) => witness.onIntent(process, put),
      onOutcome: (process, put, end) => witness.onOutcome(process, put, end),
      onPut: (process, access, sent) => witness.onPut(process, access, sent),
      beforeEffect: (process, effect) => player.beforeEffect(process, effect),
    };
    const storage = isOnDisk ? await diskStorage() : memoryStorage();
    const world = await DaemonWorld.open({ seed, listener, storage, sizes: { rowsPerPut, concurrency } });
    const player: Player = new Player(world, witness, outlets, first);
    return player;
  }

  async play(steps: readonly Step[]): Promise<void> {
    await this.#begin();
    for (const step of steps) {
      await this.#step(step);
      await this.#world.quiet();
      if (this.#world.process.life.isDead) await this.#begin();
      this.#witness.check();
      this.#outlets.check();
    }
  }

  /** Nothing goes wrong any more: the account becomes as the last policy says, by a run that says so. */
  async end(): Promise<void> {
    const { simulator, clock, file } = this.#world;
    this.#armed.length = 0;
    simulator.clearFaults();
    clock.jump(-this.#world.skewMs);
    file.save(draftText(LAST, clock.now()));
    file.hint();
    await clock.advance(40 * MINUTE_MS);
    this.#witness.check();
    // What others undid again and again is tried once a day, and is left alone in between.
    if (isContestedOnly(lastRun(this.#world))) await clock.advance(25 * HOUR_MS);
    this.#witness.check();
    const last = lastRun(this.#world);
    if (last?.end !== 'complete') {
      throw new Error(`all was well, and the last run ended ${last?.end}: ${last?.error?.message ?? ''}`);
    }
    await this.#world.stop();
    this.#witness.check();
    this.#outlets.check();
    this.#witness.checkProof(await this.#world.storage.verify(ACCOUNT));
  }

  async close(): Promise<void> {
    await this.#world.close();
  }

  /** Plays what is armed for this moment. */
  beforeEffect(process: DaemonProcess, effect: Effect): void {
    if (process !== this.#world.process) return;
    const due = this.#armed.filter((one) => one.before === effect && one.skip-- <= 0);
    for (const one of due) {
      this.#armed.splice(this.#armed.indexOf(one), 1);
      this.#happen(one.what);
    }
  }

  async #begin(): Promise<void> {
    await this.#world.begin();
  }

  async #step(step: Step): Promise<void> {
    const { simulator, clock, process } = this.#world;
    switch (step.kind) {
      case 'pass':
        return clock.advance(step.ms);
      case 'miss-slot':
        process.schedule.toMiss += 1;
        return;
      case 'fault':
        simulator.inject(step.fault);
        return;
      case 'clear-faults':
        return simulator.clearFaults();
      case 'restart':
        await this.#world.stop();
        return;
      case 'rival':
        return this.#undo(step);
      case 'midway':
        this.#armed.push({ before: step.before, what: step.what, skip: step.skip });
        return;
      default:
        this.#happen(step);
    }
  }

  /** Undoes the newest written change again and again. */
  async #undo({ times, runs, passMs }: Extract<Step, { kind: 'rival' }>): Promise<void> {
    const { process, clock } = this.#world;
    const [written] = process.events
      .flatMap((event) => (event.kind === 'change.applied' ? [event.change] : []))
      .slice(-1);
    if (written === undefined || ![0, 10, 100].includes(written.before)) return;
    const { access, before: level } = written;
    const { type, id } = written.resource;
    const row = { who: access, type, id };
    for (let time = 0; time < times && !process.life.isDead; time += 1) {
      this.#drift(level === 0 ? { act: 'remove-row', ...row } : { act: 'set-row', ...row, level });
      for (let run = 0; run < runs && !process.life.isDead; run += 1) {
        this.#happen({ kind: 'ask', trigger: 'request', times: 1 });
        await clock.advance(passMs);
      }
    }
  }

  #happen(what: Happening): void {
    const { clock, process } = this.#world;
    switch (what.kind) {
      case 'edit':
        this.#good = draftText(what.draft, clock.now());
        this.#save(this.#good, what.isHinted);
        return;
      case 'spoil':
        this.#save(spoilt(this.#good, what.how), what.isHinted);
        return;
      case 'repair':
        this.#save(this.#good, what.isHinted);
        return;
      case 'ask':
        this.#witness.asked(process, what.trigger, what.times);
        for (let asked = 0; asked < what.times; asked += 1) process.daemon.ask(what.trigger);
        return;
      case 'drift':
        for (const write of what.writes) this.#drift(write);
        return;
      case 'set-clock':
        clock.jump(what.byMs);
        return;
      case 'correct-clock':
        clock.jump(-this.#world.skewMs);
        return;
      case 'suspend':
        this.#world.suspend(what.ms);
        return;
      case 'crash':
        process.life.die();
        return;
    }
  }

  #drift(write: AccountWrite): void {
    try {
      this.#world.simulator.writeAsSomebodyElse(write);
      this.#witness.wroteElse(write);
    } catch (error) {
      // Whoever would remove a row that is not there does nothing.
      if (!(error instanceof SimulatorInputError)) throw error;
    }
  }

  #save(text: string | null, isHinted: boolean): void {
    const { file } = this.#world;
    file.save(text);
    if (isHinted) file.hint();
  }
}

/** A good text, made into something that must not replace it. */
export function spoilt(good: string, how: Spoil): string | null {
  switch (how) {
    case 'missing':
      return null;
    case 'empty':
      return '';
    case 'cut-off':
      return good.slice(0, good.lastIndexOf('paused:'));
    case 'unknown-key':
      return `unknown: 1\n${good}`;
    case 'paused-line':
      return `grants: [\npaused: true\n${good.length}`;
    case 'other-account':
      return good.replace(/^account: .*$/m, 'account: 9');
    case 'other-account-paused':
      return spoilt(good, 'other-account')?.replace(/^paused: .*$/m, 'paused: true') ?? null;
  }
}

function lastRun({ process }: DaemonWorld): RunEnded | undefined {
  return process.events.filter((event) => event.kind === 'run.ended').at(-1);
}

/** Whether a run left nothing but contested changes. */
function isContestedOnly(run: RunEnded | undefined): boolean {
  const plan = planLeft(run?.result ?? null);
  return run?.end === 'deferred' && plan?.deferred.every(({ reason }) => reason === 'contested') === true;
}
