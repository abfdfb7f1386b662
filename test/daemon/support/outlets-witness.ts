import { isInDoubt } from '../../../src/core/domain/plan/plan.ts';
import type { DaemonEvent, RunEnded } from '../../../src/core/domain/run/daemon-event.ts';
import type { PolicyReading } from '../../../src/core/domain/run/daemon-ports.ts';
import { planLeft } from '../../../src/core/domain/run/run-result.ts';
import type { DaemonProcess, Listener } from './daemon-process.ts';
import { Outlets, type Said } from './outlets.ts';
import { PolicyWitness } from './policy-witness.ts';

/** What is followed of one process. */
interface Shown {
  readonly outlets: Outlets;
  readonly policy: PolicyWitness;
}

/**
 * Reads every outlet after every event, and complains if two of them differ: on whether the account is paused, led here,
 * failing, and on what is held, deferred and observed. What is paused is also worked out apart, from the texts that were read.
 */
export class OutletsWitness implements Listener {
  readonly complaints: string[] = [];
  /** How many events were compared, and how many of them while an outlet said that the account is paused. */
  compared = 0;
  paused = 0;
  readonly #shown = new Map<DaemonProcess, Shown>();

  of(process: DaemonProcess): Outlets {
    return this.#of(process).outlets;
  }

  onLook(process: DaemonProcess, reading: PolicyReading): void {
    this.#of(process).policy.see(reading);
  }

  onEvent(process: DaemonProcess, event: DaemonEvent): void {
    const { outlets, policy } = this.#of(process);
    outlets.take(event);
    // A request is only counted.
    if (!('policy' in event) || event.kind === 'api.request') return;
    if (event.kind === 'run.planned') policy.settle(event.account);
    const metrics = outlets.metrics();
    const status = outlets.status();
    this.compared += 1;
    if (status.isPaused) this.paused += 1;
    this.#compare(event, 'metrics and status', metrics, status);
    this.#compare(event, 'log and status', outlets.log(), status);
    this.#compareConditions(event, outlets, status);
    const isTurn = event.kind.startsWith('policy.') && event.kind !== 'policy.never-changes';
    if (isTurn && policy.expected !== null && policy.expected.isPaused !== status.isPaused) {
      this.#complain(
        event,
        `the text is ${policy.expected.isPaused ? '' : 'not '}paused, and the outlets say otherwise`,
      );
    }
    if (event.kind === 'run.ended' && status.isLeading) this.#compareNotified(event, outlets, status);
  }

  /** Throws the first complaint. */
  check(): void {
    const [first] = this.complaints;
    if (first !== undefined) throw new Error(first);
  }

  #compare(event: DaemonEvent, who: string, one: Said, status: Said): void {
    for (const key of ['isPaused', 'isLeading', 'failures', 'held', 'deferred', 'unresolved', 'observed'] as const) {
      const isSilent = who.startsWith('log') && one[key] === null;
      if (isSilent || one[key] === status[key]) continue;
      this.#complain(event, `${who} differ on ${key}: ${one[key]}, ${status[key]}`);
    }
  }

  #compareConditions(event: DaemonEvent, outlets: Outlets, status: Said): void {
    const { Paused, Held, Stalled, Ready } = outlets.conditions();
    if (Paused !== (status.isPaused ? 'True PolicyPaused' : 'False NotPaused'))
      this.#complain(event, `Paused: ${Paused}`);
    if (Held !== ((status.held ?? 0) > 0 ? 'True GuardsHold' : 'False NothingHeld'))
      this.#complain(event, `Held: ${Held}`);
    if (Stalled === 'True RunsFail' && (status.failures ?? 0) < 3) this.#complain(event, `Stalled: ${Stalled}`);
    if (Ready?.startsWith('True') && Ready !== 'True StandingBy' && waitingOf(status) > 0) {
      const { held, deferred, unresolved } = status;
      this.#complain(event, `Ready: ${Ready}, and ${held} held, ${deferred} deferred, ${unresolved} unresolved`);
    }
    if (event.kind === 'run.ended' && status.isLeading && Ready?.startsWith('True')) {
      const isReadyEnd = event.end === 'complete' || event.end === 'observed' || event.end === 'stopped';
      if (!isReadyEnd) this.#complain(event, `Ready: ${Ready} after ${event.end}`);
    }
    if (Ready?.startsWith('True') && Ready !== 'True StandingBy' && (status.failures ?? 0) > 0) {
      // Only a run of the fallback policy, or one that was stopped, leaves Ready as it was.
      this.#complain(event, `Ready: ${Ready} after ${status.failures} failures`);
    }
  }

  #compareNotified(event: RunEnded, outlets: Outlets, status: Said): void {
    if (event.end === 'stopped') return;
    const { isFailing, holds, waits } = outlets.notified();
    if (isFailing !== (status.failures ?? 0) > 0)
      this.#complain(event, `notified failing: ${isFailing}, failures ${status.failures}`);
    const isHeld = (status.held ?? 0) > 0;
    if (event.result !== null && holds !== isHeld)
      this.#complain(event, `notified held: ${holds}, held ${status.held}`);
    const left = planLeft(event.result);
    const isWaiting = left !== null && (left.deferred.some(isInDoubt) || left.unresolved.length > 0);
    if (event.result !== null && waits !== isWaiting)
      this.#complain(event, `notified deferred: ${waits}, deferred ${status.deferred}`);
  }

  #complain(event: DaemonEvent, what: string): void {
    this.complaints.push(`after ${event.kind}: ${what}`);
  }

  #of(process: DaemonProcess): Shown {
    const shown = this.#shown.get(process) ?? {
      outlets: new Outlets(() => process.life.now()),
      policy: new PolicyWitness(),
    };
    this.#shown.set(process, shown);
    return shown;
  }
}

function waitingOf({ held, deferred, unresolved }: Said): number {
  return (held ?? 0) + (deferred ?? 0) + (unresolved ?? 0);
}
