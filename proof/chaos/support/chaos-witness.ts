import type { ActualState } from '../../../src/core/domain/account/actual-state.ts';
import type { ResourceTree } from '../../../src/core/domain/account/resource-tree.ts';
import type { Policy } from '../../../src/core/domain/policy/policy.ts';
import type { DaemonEvent, RunEnded } from '../../../src/core/domain/run/daemon-event.ts';
import type { IntendedPut, PolicyReading, PutEnd } from '../../../src/core/domain/run/daemon-ports.ts';
import type { RowWrite } from '../../../src/core/domain/run/ports.ts';
import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import type { DescribedAccount } from '../../../src/simulator/describe-state.ts';
import type { Fault } from '../../../src/simulator/fault.ts';
import type { LoggedRequest } from '../../../src/simulator/request-log.ts';
import type { DaemonProcess, Listener } from '../../../test/daemon/support/daemon-process.ts';
import type { DaemonWorld } from '../../../test/daemon/support/daemon-world.ts';
import { Witness } from '../../../test/daemon/support/witness.ts';
import { boundText } from '../../../test/property/limit-checks.ts';
import { type Snapshot, sentPut, snapshotOf } from '../../../test/support/account-snapshot.ts';
import { ACCOUNT } from '../../../test/support/arbitrary/policy.ts';
import type { World } from '../../../test/support/arbitrary/world.ts';
import { accountNow, type Unshown } from './account-now.ts';
import { ApprovalsLedger } from './approvals-ledger.ts';
import { CauseLedger, poolIn } from './cause-ledger.ts';
import { type EndedRun, endedRun, runText } from './ended-run.ts';
import { differences } from './equality.ts';
import type { Ending } from './honest-end.ts';
import { KnownEnds } from './known-ends.ts';
import type { Ledger } from './ledger.ts';
import { ProtectedLedger } from './protected-names.ts';
import { rowWrite } from './rival.ts';
import { brokenBy, type OpenWrite, type RunEndFacts, type RunRecord } from './run-record.ts';
import type { Switches } from './switches.ts';
import { ReplacedRows, unnamedLost, withoutWrites } from './unnamed-ledger.ts';

/** What a witness must know of the course that it watches. */
export interface Scene {
  readonly world: () => DaemonWorld;
  readonly rowsPerPut: number;
  /** The names of tokens that look like grantd's own. */
  readonly ownTokens: ReadonlySet<string>;
  /** The accesses with which the account began. */
  readonly accesses: readonly number[];
  readonly switches: Switches;
  tell(what: string): void;
}

/**
 * Watches a course as the witness of the daemon's courses does, and holds each run of it, whether it ended or died, to the
 * same checks as single runs are held to.
 */
export class ChaosWitness implements Listener {
  readonly #scene: Scene;
  readonly #daemon: Witness;
  readonly #knownEnds = new KnownEnds();
  readonly #policies = new Map<string, Policy>();
  readonly #begun = new Map<string, Set<string>>();
  readonly #runs = new Map<DaemonProcess, RunRecord>();
  readonly #complaints: string[] = [];
  readonly #ledgers: readonly Ledger[];
  /** What PUTs took without naming it, where they do that. */
  readonly replaced = new ReplacedRows();
  #isStale = false;
  /** The newest PUT of an act; null before the first one. */
  lastPut: Omit<OpenWrite, 'after'> | null = null;
  /** The plan and the end of the newest run. */
  last: EndedRun | null = null;
  runs = 0;
  puts = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#ledgers = [new ApprovalsLedger(), new CauseLedger(scene.accesses), new ProtectedLedger()];
    this.#daemon = new Witness(scene.world, () => this.tree(), false);
  }

  begin(): void {
    this.#daemon.begin();
  }

  tree(): ResourceTree {
    return this.#account(this.#scene.world().simulator.state(), []).tree;
  }

  /** Somebody else wrote, between runs or in the middle of one. */
  wroteElse(write: AccountWrite): void {
    this.#daemon.wroteElse(write);
    this.replaced.wroteElse(write);
    if (this.#isLagging) this.#isStale = true;
    for (const run of this.#runs.values()) run.foreign.push(write);
    for (const ledger of this.#ledgers) ledger.wroteElse?.(write);
  }

  stateLost(): void {
    for (const ledger of this.#ledgers) ledger.stateLost();
  }

  /** Asks for a run, as somebody would over HTTP. */
  ask(): void {
    const { process } = this.#scene.world();
    this.#daemon.asked(process, 'request', 1);
    process.daemon.ask('request');
  }

  /** Whatever was stale shows by now. */
  get isStale(): boolean {
    return this.#isStale;
  }

  settled(): void {
    this.#isStale = false;
  }

  onLook(process: DaemonProcess, reading: PolicyReading): void {
    this.#daemon.onLook(process, reading);
    if (reading.kind === 'valid') {
      this.#policies.set(reading.revision.sha256, reading.resolved.policy);
    }
  }

  onIntent(process: DaemonProcess, put: IntendedPut): void {
    this.#daemon.onIntent(process, put);
  }

  onPut(process: DaemonProcess, access: number, rows: readonly RowWrite[]): void {
    this.puts += 1;
    this.replaced.sends(access);
    this.#daemon.onPut(process, access, rows);
    this.lastPut = { access, rows, before: this.#snapshot() };
    this.#runs.get(process)?.writes.push({ ...this.lastPut, after: null });
  }

  onOutcome(process: DaemonProcess, put: IntendedPut, end: PutEnd): void {
    this.#daemon.onOutcome(process, put, end);
    const open = this.#runs.get(process)?.writes.find((write) => write.access === put.access && write.after === null);
    if (!open) return;
    open.after = this.#snapshot();
    this.#tookUnnamed(process, open, open.after);
  }

  /** Rows that a PUT took though it did not name them are not grantd's doing: whatever became of them is judged apart. */
  #tookUnnamed(process: DaemonProcess, { access, rows, before }: OpenWrite, after: Snapshot): void {
    const { put, coveredRows } = this.#scene.switches.seed;
    const taken = unnamedLost(access, rows, before, after);
    if ((put !== 'replaces' && coveredRows !== 'pruned') || taken.lost.size === 0) return;
    const run = this.#runs.get(process);
    const writes = [...taken.lost.keys()].map(
      (key): AccountWrite => ({ act: 'remove-row', who: access, ...rowWrite(key) }),
    );
    if (put === 'replaces') {
      this.replaced.took(withoutWrites(taken, run?.foreign ?? []));
      writes.push({ act: 'remove-member', who: access });
    }
    for (const write of writes) {
      run?.foreign.push(write);
      this.#daemon.wroteElse(write);
      for (const ledger of this.#ledgers) ledger.wroteElse?.(write);
    }
  }

  get #isLagging(): boolean {
    return (this.#scene.switches.seed.listsLagReads ?? 0) > 0;
  }

  onEvent(process: DaemonProcess, event: DaemonEvent): void {
    if (event.kind === 'policy.accepted') this.#accepted(event.revision.sha256);
    if (event.kind === 'run.started') this.#started(process, event);
    if (event.kind === 'run.planned') {
      const run = this.#runs.get(process);
      if (run) run.plan ??= event.plan;
    }
    if (event.kind === 'run.ended') {
      const run = this.#runs.get(process);
      this.#judge(process, event);
      if (run) this.last = endedRun(run, event);
      if (this.last) this.#scene.tell(runText(event, this.last.puts));
    }
    this.#daemon.onEvent(process, event);
  }

  /** The process died: what it had written by then is judged too. */
  died(process: DaemonProcess): void {
    for (const ledger of this.#ledgers) ledger.died?.();
    const run = this.#runs.get(process);
    if (run === undefined) return;
    for (const write of run.writes) if (write.after === null) this.#tookUnnamed(process, write, this.#snapshot());
    this.#scene.tell('its run died with it');
    this.#judge(process, null);
  }

  /** Throws the first complaint, when nothing goes on. */
  check(): void {
    const [first] = [...this.#complaints, ...this.replaced.complaints];
    if (first !== undefined) throw new Error(first);
    this.#daemon.check();
  }

  /** At rest: the account is as the policy says, save what the last plan itself explains. Returns how many were compared. */
  checkEqual(): number {
    const { policy, plan } = { policy: null, plan: null, ...this.last };
    if (policy === null || plan === null) return 0;
    const { simulator, clock } = this.#scene.world();
    const world = { policy, actual: this.#account(simulator.state(), []), now: clock.now() };
    // What a partial run leaves untried at rest is what it says of it.
    const told = this.last?.end === 'partial' ? { ...plan, observed: [...plan.observed, ...plan.changes] } : plan;
    const { compared, found } = differences(world, told);
    const [first] = found;
    if (first !== undefined) throw new Error(`at rest and not equal: ${first}`);
    return compared;
  }

  async checkProof(): Promise<void> {
    const { storage } = this.#scene.world();
    this.#daemon.checkProof(await storage.verify(ACCOUNT));
  }

  #accepted(sha256: string): void {
    const policy = this.#policies.get(sha256);
    if (policy) this.#knownEnds.accepted(policy, this.#scene.world().clock.now());
  }

  #started(process: DaemonProcess, mark: DaemonEvent & { readonly kind: 'run.started' }): void {
    this.runs += 1;
    const { simulator } = this.#scene.world();
    const policy = this.#policies.get(mark.revision.sha256);
    if (policy === undefined) {
      this.#complaints.push(`${mark.runId} goes by a text that was not read`);
      return;
    }
    for (const who of this.replaced.accesses) this.#daemon.wroteElse({ act: 'remove-member', who });
    this.#runs.set(process, {
      mark,
      policy,
      account: simulator.state(),
      start: this.#snapshot(),
      firstRequest: simulator.requests().length,
      faults: simulator.faults().map(({ fault }) => fault),
      isBlurred: this.#isStale,
      writes: [],
      foreign: this.replaced.accesses.map((who): AccountWrite => ({ act: 'remove-member', who })),
      plan: null,
    });
  }

  #judge(process: DaemonProcess, end: RunEnded | null): void {
    const run = this.#runs.get(process);
    if (run === undefined) return;
    this.#runs.delete(process);
    const world = this.#scene.world();
    const requests = world.simulator.requests().slice(run.firstRequest);
    const hasWritten = run.writes.length + run.foreign.length > 0;
    if (requests.some(({ faults }) => faults.includes('stale')) || (this.#isLagging && hasWritten))
      this.#isStale = true;
    if (end?.error?.code === 'put-replaces') this.replaced.known();
    const worlds = this.#worldsOf(run, requests, world.clock.now());
    // Who lost rows to a PUT gets them back by others, which no plan holds: that is judged apart.
    const isJudged = ({ access }: { readonly access: number }) => !this.replaced.accesses.includes(access);
    const judged = { ...run, writes: run.writes.filter(isJudged) };
    const facts: RunEndFacts = {
      end,
      ending: end && this.#endingOf(run, end, requests, world.clock.now()),
      now: this.#snapshot(),
      requests: requests.filter((request) => request.method !== 'PUT' || isJudged(sentPut(request))),
      worlds,
      rowsPerPut: this.#scene.rowsPerPut,
      earlier: {
        begun: this.#begun,
        countsNot: ({ access, before, after }) =>
          after < before && worlds.some((one) => this.#knownEnds.mayBeLossBy(one, access)),
        poolOf: (row) => poolIn(run.plan, row),
      },
    };
    const broken = [...brokenBy(judged, facts), ...this.#ledgers.flatMap((ledger) => ledger.judge(judged, facts))];
    for (const what of broken) this.#complaints.push(`${run.mark.runId} (${run.mark.trigger}): ${what}`);
    for (const { digest, changes } of run.plan?.approved ?? []) {
      const rows = this.#begun.get(digest) ?? new Set();
      for (const change of changes) rows.add(boundText(change));
      this.#begun.set(digest, rows);
    }
  }

  #endingOf(
    { plan, foreign, isBlurred }: RunRecord,
    end: RunEnded,
    requests: readonly LoggedRequest[],
    now: number,
  ): Ending {
    const isUndisturbed = !isBlurred && foreign.length === 0 && requests.every(({ faults }) => faults.length === 0);
    const actual = this.#account(this.#scene.world().simulator.state(), []);
    return { end, actual, moments: [plan?.now ?? now, now], isUndisturbed };
  }

  /** The account at the start, by the moments and the listings that the run may have gone by. */
  #worldsOf(
    { policy, account, plan, faults }: RunRecord,
    requests: readonly LoggedRequest[],
    now: number,
  ): readonly World[] {
    const hidden = faults.flatMap((fault: Fault) => (fault.kind === 'hidden' ? [fault] : []));
    const wasHidden = requests.some((request) => request.faults.includes('hidden'));
    const listings: readonly (readonly Unshown[])[] = wasHidden ? [[], ...hidden.map((one) => [one]), hidden] : [[]];
    const moments = [...new Set([plan?.now ?? now, now])];
    return listings.flatMap((unshown) => {
      const actual = this.#account(account, unshown);
      return moments.map((moment) => ({ policy, actual, now: moment }));
    });
  }

  #account(state: DescribedAccount, unshown: readonly Unshown[]): ActualState {
    return accountNow(state, this.#scene.ownTokens, unshown);
  }

  #snapshot(): Snapshot {
    return snapshotOf(this.#scene.world().simulator);
  }
}
