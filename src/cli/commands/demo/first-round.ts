import { randomUUID } from 'node:crypto';
import { NO_RESTRAINTS } from '../../../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import { NO_JOURNAL, type PutLedger } from '../../../core/domain/run/daemon-ports.ts';
import type { RunEvent, RunResult } from '../../../core/domain/run/run-result.ts';
import { visibleText } from '../../../core/domain/text/text.ts';
import { resolvePolicy } from '../../../core/resolve/resolve-policy.ts';
import { fitText } from '../../../report/layout/fit.ts';
import { renderPlanText } from '../../../report/plan/text.ts';
import { renderProblems } from '../../../report/problems/text.ts';
import { renderRunText } from '../../../report/run/text.ts';
import { preview } from '../../../run/reconcile/preview.ts';
import { reconcile } from '../../../run/reconcile/reconcile.ts';
import type { CallContext } from '../../line/command.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import type { AccountPorts } from '../../open/connect.ts';
import { checkPolicy } from '../../open/policy.ts';
import { applyExit } from '../apply/exit.ts';
import { hints, policySummary, stepText } from './texts.ts';

/** What the first round works on. */
export interface DemoParts {
  readonly call: CallContext;
  readonly ports: AccountPorts;
  /** What the demo learns of whether a PUT takes rows that it does not name. */
  readonly ledger: PutLedger;
  readonly policyPath: string;
  readonly ended: AbortSignal;
}

/** The first round of the demo, step by step: the policy, the plan, the writes, and reading the account back. */
export class FirstRound {
  readonly policyPath: string;
  readonly #call: CallContext;
  readonly #ports: AccountPorts;
  readonly #ledger: PutLedger;
  readonly #ended: AbortSignal;
  #policy: ResolvedPolicy | null = null;
  #remainingDigest = '';

  constructor({ call, ports, ledger, policyPath, ended }: DemoParts) {
    this.policyPath = policyPath;
    this.#call = { ...call, settings: { ...call.settings, policy: policyPath }, namedPolicy: policyPath };
    this.#ports = ports;
    this.#ledger = ledger;
    this.#ended = ended;
  }

  async run(): Promise<ExitCode> {
    this.#heading('2', 'The policy');
    this.#policy = await this.#readPolicy();
    if (this.#policy === null) return EXIT.invalid;
    this.#print(`   ${policySummary(this.#policy.policy)}\n`);
    this.#heading('3', 'The plan: what differs, and which line of the policy says so');
    return this.#reconcile(this.#policy);
  }

  /** The digest of the plan that remains after the first round. */
  get remainingDigest(): string {
    return this.#remainingDigest;
  }

  async printHints(url: string): Promise<void> {
    if (this.#policy === null) {
      this.#print(`\nWatching ${visibleText(this.policyPath)}: fix it and save it. Ctrl-C ends the demo.\n`);
      return;
    }
    const seen = await preview(
      this.#ports,
      { resolved: this.#policy, restraints: NO_RESTRAINTS },
      this.#ended,
      () => {},
    );
    this.#print(`\n${hints(seen, this.policyPath, url, this.#call.paint.stdout)}`);
  }

  /** Reads the policy; null if it is invalid, after printing why. */
  async #readPolicy(): Promise<ResolvedPolicy | null> {
    const { source, checked } = await checkPolicy(this.#call);
    if (checked.ok) return resolvePolicy(checked.value);
    this.#print(`\n${renderProblems(checked.problems, source, this.#call.paint.stdout)}\n`);
    this.#print('The policy is invalid: grantd does not touch the account until you fix it.\n');
    return null;
  }

  async #reconcile(resolved: ResolvedPolicy): Promise<ExitCode> {
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
        ledger: this.#ledger,
        rowsPerPut,
        concurrency,
        stop: this.#ended,
        abort: this.#ended,
        onEvent: (event) => this.#printStep(event),
      },
    );
    this.#remainingDigest = leftOver(result);
    if (result.kind === 'written') this.#print(`\n${renderRunText(result, paint.stdout)}`);
    return applyExit(result);
  }

  #printStep(event: RunEvent): void {
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
    this.#call.io.stdout.write(fitText(text, this.#call.paint.stdout));
  }
}

/** The digest of the plan that remains. A later look at the account need not print that plan again. */
function leftOver(result: RunResult): string {
  return result.kind === 'written' ? (result.after?.digest ?? '') : result.plan.digest;
}
