import { changeKey, requestedChanges } from '../../../src/core/domain/plan/change-key.ts';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import type { SameChange } from '../../../src/core/domain/plan/restraints.ts';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import type { IntendedPut, PutEnd } from '../../../src/core/domain/run/daemon-ports.ts';
import { keyOf } from '../../support/oracle.ts';
import type { DaemonProcess } from './daemon-process.ts';
import type { Surroundings } from './run-witness.ts';

/** Three writes count together for a day: four slots of these worlds are shorter. */
const DAY_MS = 86_400_000;
/** How far the clock may be set while grantd writes, both ways, and how long a run may take. */
const BLUR_MS = 30 * 60_000;

/** The account and the clocks as they are. */
type ClearView = Pick<Surroundings, 'skewMs' | 'snapshot'> & { apiNow(): number };

interface Write {
  readonly change: SameChange;
  /** By the API's clock, which nobody sets. */
  readonly at: number;
  readonly skewMs: number;
  readonly process: DaemonProcess;
  readonly sha256: string | undefined;
  readonly isAnswered: boolean;
  /** Whether a plan since then lists the change again. */
  isUndone: boolean;
  /** The daemon may have forgotten it: it was not planned and not in place, or the clock was set. */
  isDoubtful: boolean;
}

/**
 * Counts the writes of each change by the journal, and holds the daemon to its word: nothing is contested that was undone less
 * than three times within a day, and nothing that was is written again.
 */
export class ContestWitness {
  readonly #around: ClearView;
  readonly #complain: (what: string) => void;
  readonly #writes = new Map<string, Write[]>();
  /** What was reported as contested, and by whom, and is planned ever since. */
  readonly #reported = new Map<string, DaemonProcess>();

  constructor(around: ClearView, complain: (what: string) => void) {
    this.#around = around;
    this.#complain = complain;
  }

  ended(process: DaemonProcess, { access, changes, revision, runId }: IntendedPut, end: PutEnd): void {
    for (const { resource, after } of changes) {
      const change = { access, resource, after };
      const key = changeKey(change);
      const earlier = this.#writes.get(key) ?? [];
      const write: Write = {
        change,
        at: this.#around.apiNow(),
        skewMs: this.#around.skewMs(),
        process,
        sha256: revision?.sha256,
        isAnswered: end.kind === 'answered',
        isUndone: false,
        isDoubtful: false,
      };
      this.#judgeWrite(key, earlier, write, runId);
      this.#writes.set(key, [...earlier, write]);
    }
  }

  onEvent(process: DaemonProcess, event: DaemonEvent): void {
    if (event.kind === 'run.planned') this.#planned(event.plan, event.runId);
    if (event.kind === 'run.planned' || event.kind === 'run.ended') this.#noticeClock();
    if (event.kind !== 'change.contested') return;
    const key = changeKey(event.change);
    if (this.#reported.get(key) === process)
      this.#complain(`${event.runId} reports twice that it is contested: ${key}`);
    this.#reported.set(key, process);
    this.#expectUndone(key, `${event.runId} reports it as contested`);
  }

  #planned(plan: Plan, runId: string): void {
    const requested = new Set(requestedChanges(plan).map(changeKey));
    const snapshot = this.#around.snapshot();
    for (const [key, writes] of this.#writes) {
      if (requested.has(key)) {
        for (const write of writes) write.isUndone = true;
        continue;
      }
      this.#reported.delete(key);
      for (const write of writes) {
        const { access, resource, after } = write.change;
        const level = snapshot.get(access)?.rows.get(keyOf(resource)) ?? 0;
        if (level !== after) write.isDoubtful = true;
      }
    }
    for (const { change, reason } of plan.deferred) {
      if (reason === 'contested') this.#expectUndone(changeKey(change), `${runId} defers it as contested`);
    }
  }

  #noticeClock(): void {
    const now = this.#around.skewMs();
    for (const write of [...this.#writes.values()].flat()) if (write.skewMs !== now) write.isDoubtful = true;
  }

  /** A write that failed may have taken effect, and counts if a read showed so. */
  #expectUndone(key: string, what: string): void {
    const undone = (this.#writes.get(key) ?? []).filter(({ isUndone }) => isUndone);
    const isSoon = undone.some(({ at }, index) => (undone[index + 2]?.at ?? Infinity) - at < DAY_MS + BLUR_MS);
    if (!isSoon) this.#complain(`${what}, after ${undone.length} writes that were undone: ${key}`);
  }

  /** No fourth write within a day of the first, by one process and one text. */
  #judgeWrite(key: string, earlier: readonly Write[], now: Write, runId: string): void {
    const three = earlier.slice(-3);
    const isClear = three.every(
      ({ isAnswered, isUndone, isDoubtful, process, sha256, skewMs }) =>
        isAnswered &&
        isUndone &&
        !isDoubtful &&
        process === now.process &&
        sha256 === now.sha256 &&
        skewMs === now.skewMs,
    );
    const [first] = three;
    if (!isClear || three.length < 3 || first === undefined || now.at - first.at > DAY_MS - BLUR_MS) return;
    this.#complain(`${runId} writes for the fourth time what was undone three times: ${key}`);
  }
}
