import { randomUUID } from 'node:crypto';
import { NO_RESTRAINTS } from '../../../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import { NO_JOURNAL } from '../../../core/domain/run/daemon-ports.ts';
import type { RunEvent, RunResult } from '../../../core/domain/run/run-result.ts';
import { visibleText } from '../../../core/domain/text/text.ts';
import { resolvePolicy } from '../../../core/resolve/resolve-policy.ts';
import { renderPlanText } from '../../../report/plan/text.ts';
import { renderProblems } from '../../../report/problems/text.ts';
import { renderRunText } from '../../../report/run/text.ts';
import { preview } from '../../../run/reconcile/preview.ts';
import { reconcile } from '../../../run/reconcile/reconcile.ts';
import type { Call } from '../../line/command.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import type { AccountPorts } from '../../open/connect.ts';
import { checkPolicy } from '../../open/policy.ts';
import { applyExit } from '../apply/exit.ts';
import { hints, policySummary, stepText } from './words.ts';

export interface DemoParts {
  readonly call: Call;
  readonly ports: AccountPorts;
  readonly policyPath: string;
  readonly ended: AbortSignal;
}

/** The first round of the demo, step by step: the policy, the plan, the writes, the proof. */
export class DemoStory {
  readonly policyPath: string;
  readonly #call: Call;
  readonly #ports: AccountPorts;
  readonly #ended: AbortSignal;
  #policy: ResolvedPolicy | null = null;
  #toldDigest = '';

  constructor({ call, ports, policyPath, ended }: DemoParts) {
    this.policyPath = policyPath;
    this.#call = { ...call, settings: { ...call.settings, policy: policyPath } };
    this.#ports = ports;
    this.#ended = ended;
  }

  async tell(): Promise<ExitCode> {
    this.#heading('2', 'The policy');
    this.#policy = await this.#readPolicy();
    if (this.#policy === null) return EXIT.invalid;
    this.#print(`   ${policySummary(this.#policy.policy)}\n`);
    this.#heading('3', 'The plan: what differs, and which line of the policy says so');
    return this.#run(this.#policy);
  }

  /** Of the plan that is known to remain. */
  get toldDigest(): string {
    return this.#toldDigest;
  }

  async giveHints(url: string): Promise<void> {
    if (this.#policy === null) {
      this.#print(`\nWatching ${visibleText(this.policyPath)}: mend it and save it. Ctrl-C ends the demo.\n`);
      return;
    }
    const seen = await preview(
      this.#ports,
      { resolved: this.#policy, restraints: NO_RESTRAINTS },
      this.#ended,
      () => {},
    );
    this.#print(`\n${hints(seen, this.policyPath, url)}`);
  }

  /** Reads and tells the policy; null where it is invalid, which is told too. */
  async #readPolicy(): Promise<ResolvedPolicy | null> {
    const { source, checked } = await checkPolicy(this.#call);
    if (checked.ok) return resolvePolicy(checked.value);
    this.#print(`\n${renderProblems(checked.problems, source, this.#call.paint.stdout)}\n`);
    this.#print('The policy is invalid: the account is left alone until it is mended.\n');
    return null;
  }

  async #run(resolved: ResolvedPolicy): Promise<ExitCode> {
    const { paint, settings } = this.#call;
    const { rowsPerPut, concurrency } = settings;
    const result = await reconcile(
      { ...this.#ports, journal: NO_JOURNAL },
      {
        resolved,
        restraints: NO_RESTRAINTS,
        runId: randomUUID(),
        revision: null,
        agreed: null,
        rowsPerPut,
        concurrency,
        stop: this.#ended,
        abort: this.#ended,
        onEvent: (event) => this.#tellStep(event),
      },
    );
    this.#toldDigest = leftOver(result);
    if (result.kind === 'written') this.#print(`\n${renderRunText(result, paint.stdout)}`);
    return applyExit(result);
  }

  #tellStep(event: RunEvent): void {
    if (event.kind === 'planned') {
      this.#print(renderPlanText(event.plan, this.#call.paint.stdout));
      if (event.plan.verdict === 'allowed') this.#heading('4', 'Writing it');
    }
    if (event.kind === 'confirming' && event.attempt === 1) this.#heading('5', 'Reading the account back');
    const step = stepText(event);
    if (step !== null) this.#print(`${step}\n`);
  }

  #heading(step: string, text: string): void {
    this.#print(`\n${this.#call.paint.stdout.strong(`${step}. ${text}`)}\n`);
  }

  #print(text: string): void {
    this.#call.io.stdout.write(text);
  }
}

/** The plan that is known to remain, which a later look need not tell again. */
function leftOver(result: RunResult): string {
  return result.kind === 'written' ? (result.after?.digest ?? '') : result.plan.digest;
}
