import { GrantdError } from '../domain/error.ts';
import type { RunEvent } from '../domain/run-event.ts';
import type { RunResult } from '../domain/run-result.ts';
import { visibleText } from '../domain/text.ts';
import type { ResolvedPolicy } from '../domain/wish.ts';
import { preview } from '../reconcile/preview.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import { renderPlanText } from '../report/render-plan-text.ts';
import { renderProblems } from '../report/render-problems.ts';
import { renderRunText } from '../report/render-run-text.ts';
import { resolvePolicy } from '../resolve/resolve-policy.ts';
import { applyExit } from './apply-exit.ts';
import type { Call } from './command-spec.ts';
import type { AccountPorts } from './connect.ts';
import { hints, policySummary, stepText } from './demo-words.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { checkPolicy } from './open-policy.ts';
import { printFailure } from './print-failure.ts';

export interface DemoParts {
  readonly call: Call;
  readonly ports: AccountPorts;
  readonly policyPath: string;
  readonly ended: AbortSignal;
}

/** The demo from its second step on: the policy, the plan, the writes, the proof; then whatever changes. */
export class DemoStory {
  readonly policyPath: string;
  readonly #call: Call;
  readonly #ports: AccountPorts;
  readonly #ended: AbortSignal;
  /** The last valid policy. While the file holds no valid one, nothing is done at all. */
  #policy: ResolvedPolicy | null = null;
  #isReadable = false;
  #isFirst = true;
  /** What was told last, so that nothing is told twice: the content of a file, a plan, an error. */
  #seenContent = '';
  #toldDigest = '';
  #toldError = '';

  constructor({ call, ports, policyPath, ended }: DemoParts) {
    this.policyPath = policyPath;
    this.#call = { ...call, settings: { ...call.settings, policy: policyPath } };
    this.#ports = ports;
    this.#ended = ended;
  }

  /** The first round, step by step. */
  async tell(): Promise<ExitCode> {
    this.#heading('2', 'The policy');
    await this.#readPolicy();
    if (this.#policy === null) return EXIT.invalid;
    this.#print(`   ${policySummary(this.#policy.policy)}\n`);
    this.#heading('3', 'The plan: what differs, and which line of the policy says so');
    return this.#run(this.#policy);
  }

  async giveHints(url: string): Promise<void> {
    if (this.#policy === null) {
      this.#print(`\nWatching ${visibleText(this.policyPath)}: mend it and save it. Ctrl-C ends the demo.\n`);
      return;
    }
    const seen = await preview(this.#ports, this.#policy, this.#ended, () => {});
    this.#print(`\n${hints(seen, this.policyPath, url)}`);
  }

  /** A later look. Says nothing where nothing is new. */
  async look(): Promise<void> {
    try {
      const isNew = await this.#readPolicy();
      if (this.#policy === null || !this.#isReadable) return;
      const { plan } = await preview(this.#ports, this.#policy, this.#ended, () => {});
      this.#toldError = '';
      if (isNew) this.#heading(this.#time(), 'The policy changed');
      else if (plan.digest === this.#toldDigest || plan.verdict === 'clean') return;
      else this.#heading(this.#time(), 'The account is not as the policy says any more');
      await this.#run(this.#policy);
    } catch (error) {
      this.#tellError(error);
    }
  }

  /** True where the file holds another valid policy than before. */
  async #readPolicy(): Promise<boolean> {
    const { source, sha256, checked } = await checkPolicy(this.#call);
    if (sha256 === this.#seenContent) return false;
    this.#seenContent = sha256;
    this.#isReadable = checked.ok;
    if (checked.ok) {
      this.#policy = resolvePolicy(checked.value);
      return true;
    }
    this.#print(`\n${renderProblems(checked.problems, source, this.#call.paint.stdout)}\n`);
    this.#print('The policy is invalid: the account is left alone until it is mended.\n');
    return false;
  }

  async #run(resolved: ResolvedPolicy): Promise<ExitCode> {
    const { paint, settings } = this.#call;
    const { rowsPerPut, concurrency } = settings;
    const result = await reconcile(this.#ports, {
      resolved,
      agreed: null,
      rowsPerPut,
      concurrency,
      stop: this.#ended,
      abort: this.#ended,
      onEvent: (event) => this.#tellStep(event),
    });
    this.#isFirst = false;
    this.#toldDigest = leftOver(result);
    if (result.kind === 'written') this.#print(`\n${renderRunText(result, paint.stdout)}`);
    return applyExit(result);
  }

  #tellStep(event: RunEvent): void {
    if (event.kind === 'planned') {
      const plan = this.#isFirst ? event.plan : { ...event.plan, strangers: [], idle: [], redundant: [] };
      this.#print(renderPlanText(plan, this.#call.paint.stdout));
      if (event.plan.verdict === 'allowed') this.#heading('4', 'Writing it');
    }
    if (event.kind === 'confirming' && event.attempt === 1) this.#heading('5', 'Reading the account back');
    const step = stepText(event);
    if (step !== null) this.#print(`${step}\n`);
  }

  #tellError(error: unknown): void {
    if (this.#ended.aborted) return;
    if (!(error instanceof GrantdError)) throw error;
    if (error.message === this.#toldError) return;
    this.#toldError = error.message;
    printFailure(error, this.#call.io.stderr, this.#call.paint.stderr);
  }

  /** Steps are numbered in the first round only; later ones begin with the time. */
  #heading(mark: string, text: string): void {
    const isStep = /^[0-9]$/.test(mark);
    const words = isStep && !this.#isFirst ? text : `${mark}${isStep ? '.' : ''} ${text}`;
    this.#print(`\n${this.#call.paint.stdout.strong(words)}\n`);
  }

  #time(): string {
    return new Date(this.#call.io.clock.now()).toISOString().slice(11, 19);
  }

  #print(text: string): void {
    this.#call.io.stdout.write(text);
  }
}

/** The plan that is known to remain, which a later look need not tell again. */
function leftOver(result: RunResult): string {
  return result.kind === 'written' ? (result.after?.digest ?? '') : result.plan.digest;
}
