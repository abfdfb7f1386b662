import { randomUUID } from 'node:crypto';
import type { RunMark } from '../../../core/domain/run/daemon-event.ts';
import type { WriteJournal } from '../../../core/domain/run/daemon-ports.ts';
import type { AgreedPlan, RunEvent, RunResult } from '../../../core/domain/run/run-result.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import { shellWord } from '../../../core/domain/text/text.ts';
import type { Paint } from '../../../report/layout/paint.ts';
import { warningText } from '../../../report/problems/text.ts';
import { runToJson } from '../../../report/run/json.ts';
import { renderRunText } from '../../../report/run/text.ts';
import { reconcile } from '../../../run/reconcile/reconcile.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { jsonText } from '../../line/json-text.ts';
import { openAccount } from '../../open/account.ts';
import { auditFlags, openJournal } from '../../open/journal.ts';
import { openRevision } from '../../open/policy.ts';
import { openPutLedger, openStateStore } from '../../open/put-ledger.ts';
import { nextLine, nextText } from '../../process/next-line.ts';
import { Progress, progressOf } from '../../process/terminal.ts';
import { approvedByHand, readAgreed, systemUser } from './agreed.ts';
import { askConsent, requireTerminal } from './consent.ts';
import { type ApplyContext, showPlan } from './context.ts';
import { applyExit } from './exit.ts';
import { finishEarlier, firstPutText } from './first-put.ts';
import { ApplyInterrupts } from './interrupts.ts';
import { recallApprovals, rememberedNow, saveAfter, saveApproved } from './memory.ts';
import { reportRun } from './report-run.ts';
import { requireFitting } from './require-fitting.ts';
import type { ApplyCall } from './spec.ts';
import { takeLease } from './take-lease.ts';
import { warnFirst } from './warn-first.ts';

/** Plans, asks unless `--yes` is given, writes, reads the account back, and prints the result. */
export async function runApply(call: ApplyCall): Promise<ExitCode> {
  const asks = !call.flags.yes && !call.flags.unattended;
  const byHand = {
    approvedByHand: approvedByHand(call.flags.approve),
    approver: systemUser(),
    applyFlags: auditFlags(call.settings),
  };
  if (asks) requireTerminal(call);
  const { resolved, revision } = await openRevision(call);
  const saved = await readAgreed(call, call.flags.plan);
  const { account } = resolved.policy;
  const ports = { ...(await openAccount(call, account)), journal: await openReportedJournal(call, account) };
  const ledger = await openPutLedger(call, account);
  const store = await openStateStore(call);
  const shared = store && { store, resolved, revision };
  const restraints = { ...(await rememberedNow(shared, call.io.clock.now())), ...byHand };
  const interrupts = new ApplyInterrupts(call.io, call.paint.stderr);
  const progress = new Progress(call.io.stderr);
  try {
    const runId = randomUUID();
    const common = { call, resolved, restraints, revision, runId, ports };
    const context: ApplyContext = { ...common, ledger, shared, interrupts, progress };
    if (call.flags.unattended) return await writeUnattended(context, saved);
    if (!asks) return end(call, await write(context, saved));
    await finishEarlier(context, underLease);
    const consent = await askConsent(context, saved);
    if (consent.kind === 'declined') return declined(call);
    return end(call, consent.kind === 'agreed' ? await write(context, consent.agreed) : consent.result);
  } finally {
    progress.end();
    interrupts.end();
  }
}

/** As a job of a scheduler. What waits is done for this run, but only if a notification says so: else nobody would know. */
async function writeUnattended(context: ApplyContext, saved: AgreedPlan | null): Promise<ExitCode> {
  const { call, resolved, revision, runId, interrupts } = context;
  const { account } = resolved.policy;
  const mark: RunMark = { policy: call.settings.policy, account, runId, trigger: 'schedule', revision };
  const { result, isReported } = await reportRun(
    call,
    mark,
    () => write(context, saved),
    () => interrupts.stop.aborted,
  );
  const code = end(call, result);
  return code === EXIT.waiting && isReported ? EXIT.done : code;
}

/** The audit log of the account. A warning says what was repaired in it. */
async function openReportedJournal(call: ApplyCall, account: number): Promise<WriteJournal> {
  const { file, journal, repaired, unknown, openTo } = await openJournal(call, account);
  if (file !== null && (repaired > 0 || unknown.length > 0)) {
    const what = `the audit log ${file} was cut off: ${repaired} bytes were put aside, ${unknown.length} writes have an unknown outcome`;
    call.io.stderr.write(warningText(what, `grantd audit show ${shellWord(file)}`, call.paint.stderr));
  }
  if (file !== null && openTo !== null) {
    const what = `every user of this machine can ${openTo === 'write' ? 'write to' : 'read'} the audit log ${file}`;
    call.io.stderr.write(warningText(what, `chmod 600 ${shellWord(file)}`, call.paint.stderr));
  }
  return journal;
}

function write(context: ApplyContext, agreed: AgreedPlan | null): Promise<RunResult> {
  return underLease(context, (leading) => writeLeading(leading, agreed));
}

async function underLease<T>(context: ApplyContext, work: (leading: ApplyContext) => Promise<T>): Promise<T> {
  const { permit, giveBack } = await takeLease(context.call, context.resolved.policy.account, context.interrupts.abort);
  try {
    return await work({ ...context, ports: { ...context.ports, ...(permit && { permit }) } });
  } finally {
    await giveBack();
  }
}

async function writeLeading(context: ApplyContext, agreed: AgreedPlan | null): Promise<RunResult> {
  const { call, resolved, restraints, revision, runId, ports, shared, interrupts, progress } = context;
  const { rowsPerPut, concurrency } = call.settings;
  const { stop, abort } = interrupts;
  const result = await reconcile(ports, {
    resolved,
    restraints,
    runId,
    revision,
    agreed,
    requirePlan: (plan) => requireFitting(plan, restraints.approvedByHand),
    // Another process may have written since the plan was shown.
    ledger: await openPutLedger(call, resolved.policy.account),
    rowsPerPut,
    concurrency,
    stop,
    abort,
    ...(shared && {
      recall: () => recallApprovals(shared),
      onApproved: (plan) => saveApproved(shared, plan, ports.clock, abort),
    }),
    onEvent,
  });
  progress.end();
  if (shared !== null) await saveAfter(shared, result, call.io.clock.now()).catch((error) => warnUnsaved(call, error));
  return result;

  function onEvent(event: RunEvent): void {
    progress.show(progressOf(event));
    const isAsked = !call.flags.yes && !call.flags.unattended;
    if (event.kind === 'canary' && !isAsked) {
      progress.clear();
      call.io.stderr.write(firstPutText(event, context));
    }
    if (event.kind !== 'planned') return;
    interrupts.beginWriting();
    if (isAsked) return;
    showPlan(context, event.plan);
    warnFirst(context, event.plan);
  }
}

/** What is saved holds too much then, and the next run saves again. */
function warnUnsaved({ io, paint }: ApplyCall, error: unknown): void {
  if (!(error instanceof GrantdError)) throw error;
  io.stderr.write(warningText(error.message, error.remedy, paint.stderr));
}

function end(call: ApplyCall, result: RunResult): ExitCode {
  const { io, paint } = call;
  const isJson = call.flags.format === 'json';
  io.stdout.write(isJson ? jsonText(runToJson(result)) : textOf(result, paint.stdout));
  if (result.kind === 'stale') {
    io.stderr.write(`\n${nextText('', nextLine(call, 'plan', '--out', call.flags.plan ?? 'plan.json'), paint.stderr)}`);
  }
  return applyExit(result);
}

/** The plan was printed already; if grantd wrote nothing, the plan has said why. */
function textOf(result: RunResult, paint: Paint): string {
  const wroteOrStale = result.kind === 'written' || result.kind === 'stale';
  return wroteOrStale ? `\n${renderRunText(result, paint)}` : '\nNothing was written.\n';
}

function declined(call: ApplyCall): ExitCode {
  call.io.stderr.write('Nothing was written.\n');
  return EXIT.failed;
}
