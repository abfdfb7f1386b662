import type { ResourceTree } from '../../../src/core/domain/account/resource-tree.ts';
import type { AuditProof } from '../../../src/core/domain/answer/audit-proof.ts';
import type { DaemonEvent, RunEnded, Trigger } from '../../../src/core/domain/run/daemon-event.ts';
import type { IntendedPut, PolicyReading, PutEnd } from '../../../src/core/domain/run/daemon-ports.ts';
import type { RowWrite } from '../../../src/core/domain/run/ports.ts';
import { planLeft, type RunResult } from '../../../src/core/domain/run/run-result.ts';
import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import type { LoggedRequest } from '../../../src/simulator/request-log.ts';
import { type Snapshot, sentPut, snapshotOf } from '../../support/account-snapshot.ts';
import { keyOf } from '../../support/oracle.ts';
import { ADMIN_TOKEN } from '../../support/small-seed.ts';
import { fromWire } from '../../support/wire-types.ts';
import { ContestWitness } from './contest-witness.ts';
import type { DaemonProcess, Listener } from './daemon-process.ts';
import { type DaemonWorld, PACING } from './daemon-world.ts';
import { JournalWitness } from './journal-witness.ts';
import { PolicyWitness } from './policy-witness.ts';
import { RunWitness, type Surroundings } from './run-witness.ts';

/** How long a stale fault of these tests lasts at most. */
const STALE_MOST_MS = 20_000;

/** What is followed of one process. */
interface Followed {
  readonly policy: PolicyWitness;
  run: RunWitness | null;
  startedMs: number;
  /** How many runs each trigger began. */
  readonly runs: Map<Trigger, number>;
  readonly asked: Map<Trigger, number>;
  badEnds: number;
  jumps: number;
  boundaries: number;
}

/** What somebody else wrote: null where nobody knows on which access or row. */
interface ForeignWrite {
  readonly access: number | null;
  readonly key: string | null;
  /** Which of all moments it was. */
  readonly at: number;
}

/** Sees everything that a daemon does, and complains of whatever must never be. */
export class Witness implements Listener {
  readonly complaints: string[] = [];
  readonly #world: () => DaemonWorld;
  readonly #tree: () => ResourceTree;
  readonly #judgesEnds: boolean;
  readonly #followed = new Map<DaemonProcess, Followed>();
  readonly #foreign: ForeignWrite[] = [];
  /** By access, what its newest canary left unnamed, and at which level. */
  readonly #unnamed = new Map<number, ReadonlyMap<string, number>>();
  /** The run that sent one, or gave back what it took. */
  #canaryOf: string | null = null;
  readonly #journal: JournalWitness;
  readonly #contest: ContestWitness;
  #moment = 0;
  #checkedAt = 0;
  #requestsSeen = 0;
  #staleUntil = Number.NEGATIVE_INFINITY;
  #before: Snapshot = new Map();

  /** `tree`: what there is in the account at any moment. `judgesEnds`: whether all that a plan may leave is known to the judge. */
  constructor(world: () => DaemonWorld, tree: () => ResourceTree, judgesEnds = true) {
    this.#judgesEnds = judgesEnds;
    this.#world = world;
    this.#tree = tree;
    this.#journal = new JournalWitness(
      () => this.#requests().length,
      (what) => this.#complain(what),
    );
    const view = {
      apiNow: () => world().apiNow,
      skewMs: () => world().skewMs,
      snapshot: () => snapshotOf(world().simulator),
    };
    this.#contest = new ContestWitness(view, (what) => this.#complain(what));
  }

  /** The account before the first step. */
  begin(): void {
    this.#before = snapshotOf(this.#world().simulator);
  }

  isRunning(process: DaemonProcess): boolean {
    return this.#of(process).run !== null;
  }

  /** Somebody else wrote. */
  wroteElse(write: AccountWrite): void {
    const access = 'who' in write && typeof write.who === 'number' ? write.who : null;
    // What becomes of a resource may be about every row on it and below it.
    const isRow = 'who' in write && 'type' in write;
    this.#foreign.push({
      access,
      key: isRow ? keyOf({ type: fromWire(write.type), id: write.id }) : null,
      at: ++this.#moment,
    });
  }

  asked(process: DaemonProcess, trigger: Trigger, times: number): void {
    const { asked } = this.#of(process);
    asked.set(trigger, (asked.get(trigger) ?? 0) + times);
  }

  onLook(process: DaemonProcess, reading: PolicyReading): void {
    const followed = this.#of(process);
    const before = policyKey(followed.policy);
    followed.policy.see(reading);
    if (policyKey(followed.policy) === before) return;
    const { run } = followed;
    // Whatever is under way at this very moment may still go out.
    if (run !== null) {
      setImmediate(() => {
        run.isSuperseded = true;
      });
    }
  }

  onIntent(process: DaemonProcess, put: IntendedPut): void {
    const { run } = this.#of(process);
    const givesBack = this.#givesBack(put);
    if (run === null) this.#complain('a PUT is intended while nothing runs');
    else if (!givesBack) run.intended(put.revision?.sha256);
    else run.givesBack(put.access, this.#unnamed.get(put.access) ?? new Map());
    if (run !== null && (givesBack || put.unnamed)) this.#canaryOf = run.mark.runId;
    this.#scan(put);
    this.#journal.intended(process, put, givesBack);
  }

  /** Whether it names every row that an earlier PUT of the access did not name: that is of no text. */
  #givesBack({ access, revision, changes, unnamed }: IntendedPut): boolean {
    if (unnamed) this.#unnamed.set(access, new Map(unnamed.map(({ resource, level }) => [keyOf(resource), level])));
    const named = new Set(changes.map(({ resource }) => keyOf(resource)));
    const earlier = this.#unnamed.get(access);
    return revision === null && earlier !== undefined && [...earlier.keys()].every((key) => named.has(key));
  }

  onPut(process: DaemonProcess, access: number, rows: readonly RowWrite[]): void {
    this.#journal.given(process, access, rows);
    this.#of(process).run?.sends(access, rows);
  }

  onOutcome(process: DaemonProcess, put: IntendedPut, end: PutEnd): void {
    this.#scan(end);
    this.#journal.ended(process, put, end);
    this.#contest.ended(process, put, end);
  }

  onEvent(process: DaemonProcess, event: DaemonEvent): void {
    this.#scan(event);
    this.#contest.onEvent(process, event);
    const followed = this.#of(process);
    if (event.kind === 'clock.jumped') followed.jumps += 1;
    if (event.kind === 'policy.accepted') followed.boundaries += 1 + momentsOf(followed.policy);
    if (event.kind === 'run.started') this.#started(process, followed, event);
    if (event.kind === 'run.planned') {
      followed.policy.settle(event.account);
      followed.run?.planned(event.plan);
    }
    if (event.kind === 'run.ended') this.#ended(followed, event);
  }

  #started(process: DaemonProcess, followed: Followed, mark: DaemonEvent & { kind: 'run.started' }): void {
    const { expected } = followed.policy;
    if (followed.run !== null) this.#complain(`${mark.runId} began while another run went on`);
    if (expected === null) {
      this.#complain(`${mark.runId} began without a policy`);
      return;
    }
    const nowMs = process.life.monotonicMs();
    if (nowMs - followed.startedMs < PACING.minIntervalMs) this.#complain(`${mark.runId} began too soon`);
    followed.startedMs = nowMs;
    followed.runs.set(mark.trigger, (followed.runs.get(mark.trigger) ?? 0) + 1);
    this.#expectAsked(process, followed, mark.trigger);
    followed.run = new RunWitness(mark, expected, this.#surroundings(), (what) => this.#complain(what));
  }

  /** Every run was asked for, by something that this test did or saw. */
  #expectAsked(process: DaemonProcess, followed: Followed, trigger: Trigger): void {
    const { policy, runs, asked, badEnds, jumps, boundaries } = followed;
    const of = (one: Trigger) => runs.get(one) ?? 0;
    const most: Readonly<Record<Trigger, number>> = {
      start: 1,
      file: policy.turns - of('poll'),
      poll: policy.turns - of('file'),
      schedule: process.schedule.slots,
      boundary: boundaries * (1 + jumps) + jumps,
      lease: 0,
      request: asked.get('request') ?? 0,
      mailtrap: asked.get('mailtrap') ?? 0,
      signal: asked.get('signal') ?? 0,
      retry: badEnds,
    };
    if (of(trigger) > most[trigger])
      this.#complain(`${of(trigger)} runs by ${trigger}, asked for ${most[trigger]} times`);
  }

  #ended(followed: Followed, event: RunEnded): void {
    const { run } = followed;
    followed.run = null;
    if (run === null || run.mark.runId !== event.runId) {
      this.#complain(`${event.runId} ended and had not begun`);
      return;
    }
    const { end, result, error } = event;
    if (end === 'failed' || end === 'partial') followed.badEnds += 1;
    if (error?.code === 'fault') this.#complain(`${event.runId}: a fault: ${String(error.cause)}`);
    const mayHaveWritten = end !== 'failed' && end !== 'paused' && end !== 'observed' && end !== 'unled';
    // Who lost rows to a PUT that did not name them has been written, twice where they have them back.
    if (run.puts > 0 && !mayHaveWritten && this.#canaryOf !== event.runId)
      this.#complain(`${event.runId} is ${end}, and wrote`);
    if (result !== null) this.#checkWord(event, result);
    const isDone = end === 'complete' || end === 'held' || end === 'deferred';
    // In mode observe a run may end held or deferred, with changes that it only observes beside.
    const isWritten = planLeft(result)?.changes.length === 0;
    if (this.#judgesEnds && isDone && isWritten && result !== null) run.judgeEnd(result);
  }

  /** A run ends by the name of what it leaves: `complete` leaves nothing, and what is held counts before what is deferred or unresolved. */
  #checkWord({ runId, end }: RunEnded, result: RunResult): void {
    const { changes, held, deferred, unresolved } = planLeft(result) ?? result.plan;
    const left = [changes.length > 0 && 'changes', held.length > 0 && 'held', deferred.length > 0 && 'deferred'];
    const found = left.filter((one) => one !== false).join();
    const isInDoubt = deferred.length + unresolved.length > 0;
    const fits = {
      complete: found === '' && !isInDoubt,
      deferred: isInDoubt && !found.includes('held'),
      held: found.includes('held'),
      paused: found !== '',
      observed: found === 'changes' && !isInDoubt,
      failed: false,
      partial: true,
      unled: true,
      stopped: true,
    }[end];
    if (!fits) this.#complain(`${runId} is ${end}, and leaves ${found === '' ? 'nothing' : found}`);
  }

  /** What must hold of the files at the end, where there are any. */
  checkProof(proof: AuditProof | null): void {
    if (proof !== null) this.#journal.checkProof(proof);
    this.#throwFirst();
  }

  /** What must hold whenever nothing goes on. */
  check(): void {
    const { process, simulator } = this.#world();
    this.#takeInRequests();
    this.#journal.check(this.#requests());
    if (!process.life.isDead && !this.isRunning(process)) this.#journal.checkEnded(process);
    if (process.end?.fault) this.#complain(`the daemon had a fault: ${String(process.end.fault)}`);
    this.#checkLosses(snapshotOf(simulator));
    this.#throwFirst();
  }

  #throwFirst(): void {
    const [first] = this.complaints;
    if (first !== undefined) throw new Error(first);
  }

  /** Whoever holds less than at the last check lost it to somebody else, or by a PUT that was judged above. */
  #checkLosses(now: Snapshot): void {
    const taken = new Set(
      this.#requests().flatMap((request) => {
        if (request.method !== 'PUT') return [];
        const { access, rows } = sentPut(request);
        return rows.map(({ key, level }) => `${access} ${key} ${level}`);
      }),
    );
    for (const { access, rows } of this.#before.values()) {
      for (const [key, had] of rows) {
        const has = now.get(access)?.rows.get(key) ?? 0;
        if (has >= had || taken.has(`${access} ${key} ${has}`) || this.#isForeign(access, key, this.#checkedAt))
          continue;
        this.#complain(`access ${access} lost ${key}, and nobody took it`);
      }
    }
    this.#before = now;
    this.#checkedAt = ++this.#moment;
  }

  #surroundings(): Surroundings {
    const world = this.#world();
    this.#takeInRequests();
    const begun = ++this.#moment;
    const begunAt = world.apiNow;
    return {
      tree: this.#tree(),
      now: () => world.clock.now(),
      skewMs: () => world.skewMs,
      snapshot: () => snapshotOf(world.simulator),
      isRaced: (access, key) => {
        this.#takeInRequests();
        return this.#staleUntil > begunAt || this.#isForeign(access, key, begun);
      },
    };
  }

  #isForeign(access: number | null, key: string | null, since: number): boolean {
    const fits = <T>(a: T | null, b: T | null) => a === null || b === null || a === b;
    return this.#foreign.some((one) => one.at >= since && fits(one.access, access) && fits(one.key, key));
  }

  /** Notices what faults did: whoever else wrote, and how long reads may be stale. */
  #takeInRequests(): void {
    const requests = this.#requests();
    // The last ones may be unanswered still, and then nobody knows yet.
    const answered = requests.findLastIndex(({ remaining }) => remaining !== null) + 1;
    for (const { at, faults } of requests.slice(this.#requestsSeen, answered)) {
      if (faults.includes('stale')) this.#staleUntil = Math.max(this.#staleUntil, at + STALE_MOST_MS);
      // With a resource left out a name may mean another one, as it would after somebody removed it.
      if (faults.includes('second-writer') || faults.includes('hidden'))
        this.#foreign.push({ access: null, key: null, at: ++this.#moment });
    }
    this.#requestsSeen = Math.max(this.#requestsSeen, answered);
  }

  #requests(): readonly LoggedRequest[] {
    return this.#world().simulator.requests();
  }

  #of(process: DaemonProcess): Followed {
    const known = this.#followed.get(process);
    if (known) return known;
    const followed: Followed = {
      policy: new PolicyWitness(),
      run: null,
      startedMs: Number.NEGATIVE_INFINITY,
      runs: new Map(),
      asked: new Map(),
      badEnds: 0,
      jumps: 0,
      boundaries: 0,
    };
    this.#followed.set(process, followed);
    return followed;
  }

  /** No token in anything that is told or written down. */
  #scan(value: unknown): void {
    const text = JSON.stringify(value, (_key, part: unknown) =>
      part instanceof Error
        ? { ...part, name: part.name, message: part.message, stack: part.stack, cause: part.cause }
        : part,
    );
    if (text.includes(ADMIN_TOKEN)) this.#complain(`the token stands in ${text.slice(0, 200)}`);
  }

  #complain(what: string): void {
    this.complaints.push(what);
  }
}

/** How many moments the good text has at which a run may be due. */
function momentsOf({ expected }: PolicyWitness): number {
  const { grants = [], ends = [] } = expected?.policy ?? {};
  return 2 * grants.length + ends.length * (grants.length + 1);
}

function policyKey({ expected }: PolicyWitness): string {
  return expected === null ? '' : `${expected.sha256} ${expected.fallback} ${expected.isPaused}`;
}
