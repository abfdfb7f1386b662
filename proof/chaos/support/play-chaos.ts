import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import { SimulatorInputError } from '../../../src/simulator/input-error.ts';
import type { DaemonProcess } from '../../../test/daemon/support/daemon-process.ts';
import { DaemonWorld } from '../../../test/daemon/support/daemon-world.ts';
import type { Effect } from '../../../test/daemon/support/life.ts';
import { diskStorage } from '../../../test/daemon/support/storage.ts';
import { snapshotOf } from '../../../test/support/account-snapshot.ts';
import { ACCOUNT } from '../../../test/support/arbitrary/policy.ts';
import { toSeed } from '../../../test/support/live-world.ts';
import type { Act, ChaosCourse } from './arbitrary-course.ts';
import { type Extra, extrasOf, type Rival } from './arbitrary-extra.ts';
import { ChaosWitness } from './chaos-witness.ts';
import { comeToRest } from './come-to-rest.ts';
import { expectExitCodesAgree } from './exit-codes.ts';
import { PolicyHand } from './policy-hand.ts';
import { rivalWrite } from './rival.ts';
import { undoneAfter, undoOfNewest } from './slow-rival.ts';
import { switchesOf, switchNames } from './switches.ts';

const MINUTE_MS = 60_000;

/** How long one try may take where an answer never comes: real time, far above what an answer takes. */
const STALLED_AFTER_MS = 400;

/** What happened in one course. */
export interface Played {
  readonly runs: number;
  readonly puts: number;
  readonly crashes: number;
  readonly foreignWrites: number;
  /** How many people were found to hold exactly what is entitled, at the end. */
  readonly compared: number;
  /** How often a fault of each kind struck. */
  readonly struck: Readonly<Record<string, number>>;
  readonly tale: readonly string[];
}

/** Plays a course to its end and throws the first invariant that broke, with what had happened by then. */
export async function playChaos(seed: number, course: ChaosCourse): Promise<Played> {
  const player = await ChaosPlayer.open(seed, course);
  try {
    await player.play();
    return player.played();
  } catch (error) {
    throw new BrokenCourse(error instanceof Error ? error.message : String(error), player.played(), error);
  } finally {
    await player.close();
  }
}

/** An invariant that broke, and the way there. */
export class BrokenCourse extends Error {
  readonly played: Played;

  constructor(message: string, played: Played, cause: unknown) {
    super(message, { cause });
    this.played = played;
  }
}

class ChaosPlayer {
  readonly #seed: number;
  readonly #course: ChaosCourse;
  readonly #world: DaemonWorld;
  readonly #witness: ChaosWitness;
  readonly #tale: string[];
  readonly #hand: PolicyHand;
  readonly #extras: readonly Extra[];
  #act: Act | null = null;
  #rival: Rival | null = null;
  #renames = 0;
  #rivals = 0;
  #crashSkip = 0;
  #midwaySkip = 0;
  #crashes = 0;
  #foreignWrites = 0;
  #compared = 0;

  private constructor(seed: number, course: ChaosCourse, world: DaemonWorld, witness: ChaosWitness, tale: string[]) {
    this.#seed = seed;
    this.#course = course;
    this.#extras = extrasOf(seed, course);
    this.#world = world;
    this.#witness = witness;
    this.#tale = tale;
    this.#hand = new PolicyHand(world, witness, course.text, (what) => this.#tell(what));
  }

  static async open(seed: number, course: ChaosCourse): Promise<ChaosPlayer> {
    const { live, isTokenListed, rowsPerPut, concurrency } = course;
    const tale: string[] = [];
    const switches = switchesOf(seed);
    const { apiTokens } = live.world.actual;
    const ownTokens = new Set((apiTokens ?? []).flatMap(({ name, isOwnToken }) => (isOwnToken ? [name] : [])));
    const witness: ChaosWitness = new ChaosWitness({
      world: () => world,
      rowsPerPut,
      ownTokens,
      switches,
      accesses: live.world.actual.accesses.map(({ access }) => access),
      tell: (what) => tale.push(what),
    });
    const stalls = course.acts.some(({ faults }) => faults.some(({ kind }) => kind === 'stall'));
    const world = await DaemonWorld.open({
      seed: { ...toSeed(live.world, isTokenListed), ...switches.seed },
      putsAreProven: switches.putsAreProven,
      storage: await diskStorage(process.env['CHAOS_DIRECTORY']),
      sizes: { rowsPerPut, concurrency },
      faultSeed: seed,
      ...(stalls && { requestTimeoutMs: STALLED_AFTER_MS }),
      listener: {
        onEvent: (process, event) => witness.onEvent(process, event),
        onLook: (process, reading) => witness.onLook(process, reading),
        onIntent: (process, put) => witness.onIntent(process, put),
        onOutcome: (process, put, end) => witness.onOutcome(process, put, end),
        onPut: (process, access, rows) => witness.onPut(process, access, rows),
        beforeEffect: (process, effect) => player.#beforeEffect(process, effect),
      },
    });
    const player: ChaosPlayer = new ChaosPlayer(seed, course, world, witness, tale);
    return player;
  }

  async play(): Promise<void> {
    this.#witness.begin();
    await this.#world.begin();
    for (const [index, act] of this.#course.acts.entries()) {
      await this.#perform(act, this.#extras[index]);
      await this.#undo(undoneAfter(this.#seed, index));
    }
    this.#hand.repair();
    this.#tell('all is well from now on');
    this.#compared = await comeToRest(this.#world, this.#witness);
    await this.#world.stop();
    this.#witness.check();
    await this.#witness.checkProof();
    this.#witness.replaced.check(snapshotOf(this.#world.simulator));
    await expectExitCodesAgree(this.#world, this.#hand.text);
  }

  played(): Played {
    const struck: Record<string, number> = { 'rename-member': this.#renames, rival: this.#rivals };
    for (const name of switchNames(switchesOf(this.#seed))) struck[name] = 1;
    for (const { faults } of this.#world.simulator.requests())
      for (const kind of faults) struck[kind] = (struck[kind] ?? 0) + 1;
    const { runs, puts } = this.#witness;
    const compared = this.#compared;
    return {
      runs,
      puts,
      compared,
      crashes: this.#crashes,
      foreignWrites: this.#foreignWrites,
      struck,
      tale: this.#tale,
    };
  }

  close(): Promise<void> {
    return this.#world.close();
  }

  async #perform(act: Act, { rename, rival }: Extra = { rename: null, rival: null }): Promise<void> {
    const { simulator, clock } = this.#world;
    await this.#restart(act.restart);
    for (const write of [...act.drift, ...(act.upheaval ? [act.upheaval] : [])]) this.#writeElse(write);
    if (rename && this.#writeElse(rename)) this.#renames += 1;
    await this.#unstale();
    this.#witness.check();
    this.#hand.edit(act.edit, act.isHinted);
    for (const fault of act.faults) simulator.inject(fault);
    if (act.faults.length > 0) this.#tell(`faults: ${act.faults.map(({ kind }) => kind).join(', ')}`);
    if (act.sleepMs > 0) this.#tell(`the machine sleeps ${act.sleepMs / MINUTE_MS} minutes`);
    this.#world.suspend(act.sleepMs);
    this.#act = act;
    this.#rival = rival;
    this.#witness.lastPut = null;
    this.#crashSkip = act.crash?.skip ?? 0;
    this.#midwaySkip = act.midway?.skip ?? 0;
    this.#witness.ask();
    await clock.advance(act.passMs);
    await this.#afterDeath(act.passMs);
    this.#act = null;
    simulator.clearFaults();
    await this.#unstale();
    this.#witness.check();
  }

  /** Somebody undoes the newest write again and again, so slowly that a run in between finds it in place. */
  async #undo(times: number): Promise<void> {
    const undo = undoOfNewest(this.#world.process);
    for (let time = 0; undo !== null && time < times; time += 1) {
      this.#writeElse(undo);
      for (let run = 0; run < 2; run += 1) {
        this.#witness.ask();
        await this.#world.clock.advance(MINUTE_MS);
      }
      this.#witness.check();
    }
  }

  async #restart(how: Act['restart']): Promise<void> {
    if (how === 'no') return;
    await this.#world.stop();
    const { dir } = this.#world.storage;
    if (how === 'state-lost' && dir !== null) await rm(join(dir, `account-${ACCOUNT}.json`), { force: true });
    if (how === 'state-lost') this.#witness.stateLost();
    this.#tell(how === 'restart' ? 'a new process' : 'a new process, whose state is lost');
    await this.#world.begin();
  }

  /** A process that died in an act is followed by another one, in the same act. */
  async #afterDeath(passMs: number): Promise<void> {
    const { process } = this.#world;
    if (!process.life.isDead) return;
    await this.#world.quiet();
    this.#witness.died(process);
    await this.#unstale();
    this.#witness.check();
    this.#tell('a new process');
    await this.#world.begin();
    await this.#world.clock.advance(passMs);
  }

  /** Lets reads that are stale still be read by somebody else, and the time pass after which none is. */
  async #unstale(): Promise<void> {
    await this.#world.quiet();
    const { simulator, clock } = this.#world;
    if (this.#witness.isStale) {
      const headers = { Authorization: 'Bearer simulator-admin-token' };
      const url = `${simulator.url}/api/accounts/${ACCOUNT}/account_accesses`;
      // What still goes wrong may strike these reads, too.
      const read = async () => (await fetch(url, { headers, signal: AbortSignal.timeout(STALLED_AFTER_MS) })).text();
      for (let times = 0; times < 10; times += 1) await read().catch(() => {});
      await clock.advance(30_000);
      this.#witness.settled();
    }
  }

  /** Returns whether anything was there to write. */
  #writeElse(write: AccountWrite): boolean {
    try {
      this.#world.simulator.writeAsSomebodyElse(write);
    } catch (error) {
      // Whoever would remove what is not there does nothing.
      if (!(error instanceof SimulatorInputError)) throw error;
      return false;
    }
    this.#foreignWrites += 1;
    this.#tell(`somebody else: ${JSON.stringify(write)}`);
    this.#witness.wroteElse(write);
    return true;
  }

  /** Somebody is faster than the read that shows what became of a PUT. */
  #beforeRead(): void {
    const write = this.#rival && rivalWrite(this.#rival, this.#witness.lastPut);
    if (!write) return;
    this.#rival = null;
    if (this.#writeElse(write)) this.#rivals += 1;
  }

  #beforeEffect(process: DaemonProcess, effect: Effect): void {
    if (process !== this.#world.process || this.#act === null) return;
    const { midway, crash } = this.#act;
    if (effect === 'read') this.#beforeRead();
    if (midway?.before === effect && this.#midwaySkip-- === 0) this.#writeElse(midway.write);
    if (crash?.before !== effect || this.#crashSkip-- !== 0) return;
    this.#crashes += 1;
    this.#tell(`the process dies ${crash.isLate ? 'in the middle of' : 'before'} ${effect}`);
    if (crash.isLate) setImmediate(() => process.life.die());
    else process.life.die();
  }

  #tell(what: string): void {
    this.#tale.push(what);
  }
}
