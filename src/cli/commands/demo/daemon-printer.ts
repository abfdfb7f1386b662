import type { Plan } from '../../../core/domain/plan/plan.ts';
import type { DaemonEvent, RunEnded } from '../../../core/domain/run/daemon-event.ts';
import type { BatchOutcome } from '../../../core/domain/run/run-result.ts';
import type { GrantdError } from '../../../core/domain/text/error.ts';
import { type Problem, placeText } from '../../../core/domain/text/problem.ts';
import { visibleText } from '../../../core/domain/text/text.ts';
import { fitText } from '../../../report/layout/fit.ts';
import { renderPlanText } from '../../../report/plan/text.ts';
import { renderRunText } from '../../../report/run/text.ts';
import type { CallContext } from '../../line/command.ts';
import { failureText } from '../../line/print-failure.ts';
import { putText } from './texts.ts';

/** Prints what the daemon of the demo does. Prints nothing if nothing is new. */
export class DaemonPrinter {
  readonly #call: CallContext;
  /** The plan that was printed last, so that it is not printed twice. */
  #printedDigest: string;
  #printedError = '';
  /** Whether the first text of the policy, which `FirstRound` has printed, was accepted. */
  #hasAccepted = false;
  #puts = 0;

  /** `printedDigest` is that of the plan that remains after the first round. */
  constructor(call: CallContext, printedDigest: string) {
    this.#call = call;
    this.#printedDigest = printedDigest;
  }

  take(event: DaemonEvent): void {
    if (event.kind === 'policy.accepted') this.#accepted();
    if (event.kind === 'policy.restored') this.#policyChanged();
    if (event.kind === 'policy.rejected') this.#rejected(event.problems);
    if (event.kind === 'policy.unreadable') this.#unreadable(event.error);
    if (event.kind === 'run.planned') this.#planned(event.plan);
    if (event.kind === 'run.put') this.#putEnded(event.outcome);
    if (event.kind === 'run.ended') this.#runEnded(event);
  }

  #accepted(): void {
    if (this.#hasAccepted) this.#policyChanged();
    this.#hasAccepted = true;
  }

  #rejected(problems: readonly Problem[]): void {
    for (const { at, code, message, remedy } of problems) {
      const what = visibleText(`${placeText(at)}: ${message} (${code})`);
      this.#print(`\n${what}\n  help: ${visibleText(remedy)}\n`);
    }
    this.#leftAlone();
  }

  #unreadable(error: GrantdError): void {
    this.#print(`\n${failureText(error.code, error, this.#call.paint.stdout)}`);
    this.#leftAlone();
  }

  #putEnded(outcome: BatchOutcome): void {
    this.#puts += 1;
    this.#print(`${putText(outcome, `PUT ${this.#puts}`)}\n`);
  }

  #policyChanged(): void {
    this.#heading('The policy changed');
    this.#printedDigest = '';
  }

  #leftAlone(): void {
    this.#print(
      'The policy is invalid: until you fix it, grantd only removes access that has expired, and account admin that someone else gave.\n',
    );
  }

  #planned(plan: Plan): void {
    this.#puts = 0;
    if (plan.digest === this.#printedDigest) return;
    const isNewPolicy = this.#printedDigest === '';
    this.#printedDigest = plan.digest;
    if (plan.verdict === 'complete' && !isNewPolicy) return;
    if (!isNewPolicy) this.#heading('The account no longer equals the policy');
    const shown = { ...plan, unlisted: [], organization: [], idle: [], redundant: [] };
    this.#print(renderPlanText(shown, this.#call.paint.stdout));
  }

  #runEnded({ result, error }: RunEnded): void {
    if (error !== null) this.#runFailed(error);
    else this.#printedError = '';
    if (result?.kind !== 'written') return;
    this.#printedDigest = result.after?.digest ?? '';
    this.#print(`\n${renderRunText(result, this.#call.paint.stdout)}`);
  }

  #runFailed(error: GrantdError): void {
    if (error.code === 'stopped' || error.message === this.#printedError) return;
    this.#printedError = error.message;
    this.#call.io.stderr.write(failureText(error.code, error, this.#call.paint.stderr));
  }

  #heading(text: string): void {
    const time = new Date(this.#call.io.clock.now()).toISOString().slice(11, 19);
    this.#print(`\n${this.#call.paint.stdout.strong(`${time} ${text}`)}\n`);
  }

  #print(text: string): void {
    this.#call.io.stdout.write(fitText(text, this.#call.paint.stdout));
  }
}
