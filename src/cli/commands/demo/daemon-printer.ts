import type { Plan } from '../../../core/domain/plan/plan.ts';
import type { DaemonEvent, RunEnded } from '../../../core/domain/run/daemon-event.ts';
import type { BatchOutcome } from '../../../core/domain/run/run-result.ts';
import type { GrantdError } from '../../../core/domain/text/error.ts';
import { type Problem, placeText } from '../../../core/domain/text/problem.ts';
import { visibleText } from '../../../core/domain/text/text.ts';
import { renderPlanText } from '../../../report/plan/text.ts';
import { renderRunText } from '../../../report/run/text.ts';
import type { CallContext } from '../../line/command.ts';
import { failureText } from '../../line/print-failure.ts';
import { putText } from './texts.ts';

/** Tells people what the daemon of the demo does. Says nothing where nothing is new. */
export class DaemonPrinter {
  readonly #call: CallContext;
  /** What was told last, so that nothing is told twice: a plan, an error. */
  #toldDigest: string;
  #toldError = '';
  /** Whether the first text of the policy, which was told already, has been accepted. */
  #hasAccepted = false;
  #puts = 0;

  /** `toldDigest` is of the plan that is known to remain. */
  constructor(call: CallContext, toldDigest: string) {
    this.#call = call;
    this.#toldDigest = toldDigest;
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
    this.#toldDigest = '';
  }

  #leftAlone(): void {
    this.#print('The policy is invalid: the account is left alone until it is mended, save for what ends.\n');
  }

  #planned(plan: Plan): void {
    this.#puts = 0;
    if (plan.digest === this.#toldDigest) return;
    const isNewPolicy = this.#toldDigest === '';
    this.#toldDigest = plan.digest;
    if (plan.verdict === 'clean' && !isNewPolicy) return;
    if (!isNewPolicy) this.#heading('The account is not as the policy says any more');
    const shown = { ...plan, unlisted: [], idle: [], redundant: [] };
    this.#print(renderPlanText(shown, this.#call.paint.stdout));
  }

  #runEnded({ result, error }: RunEnded): void {
    if (error !== null) this.#runFailed(error);
    else this.#toldError = '';
    if (result?.kind !== 'written') return;
    this.#toldDigest = result.after?.digest ?? '';
    this.#print(`\n${renderRunText(result, this.#call.paint.stdout)}`);
  }

  #runFailed(error: GrantdError): void {
    if (error.code === 'stopped' || error.message === this.#toldError) return;
    this.#toldError = error.message;
    this.#call.io.stderr.write(failureText(error.code, error, this.#call.paint.stderr));
  }

  #heading(text: string): void {
    const time = new Date(this.#call.io.clock.now()).toISOString().slice(11, 19);
    this.#print(`\n${this.#call.paint.stdout.strong(`${time} ${text}`)}\n`);
  }

  #print(text: string): void {
    this.#call.io.stdout.write(text);
  }
}
