import { randomUUID } from 'node:crypto';
import { NO_RESTRAINTS } from '../../../core/domain/plan/restraints.ts';
import type { AgreedPlan, RunEvent, RunResult } from '../../../core/domain/run/run-result.ts';
import type { Paint } from '../../../report/layout/paint.ts';
import { runToJson } from '../../../report/run/json.ts';
import { renderRunText } from '../../../report/run/text.ts';
import { reconcile } from '../../../run/reconcile/reconcile.ts';
import type { Call } from '../../line/command.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { jsonText, textFlag } from '../../line/flags.ts';
import { openAccount } from '../../open/account.ts';
import { openJournal } from '../../open/journal.ts';
import { openRevision } from '../../open/policy.ts';
import { nextLine } from '../../process/next-line.ts';
import { Progress } from '../../process/progress.ts';
import { progressOf } from '../../process/run-progress.ts';
import { approvedByHand } from './approved.ts';
import { askConsent, requireSomebodyToAsk } from './consent.ts';
import { applyExit } from './exit.ts';
import { ApplyInterrupts } from './interrupts.ts';
import { readAgreed } from './read-agreed.ts';
import { type ApplyScene, showPlan } from './scene.ts';
import { takeLease } from './take-lease.ts';

export async function runApply(call: Call): Promise<ExitCode> {
  const asks = !call.flags.has('yes');
  // An apply remembers nothing, so nothing else bears on it.
  const restraints = { ...NO_RESTRAINTS, approvedByHand: approvedByHand(call) };
  if (asks) requireSomebodyToAsk(call);
  const { resolved, revision } = await openRevision(call);
  const saved = await readAgreed(call);
  const { account } = resolved.policy;
  const ports = { ...(await openAccount(call, account)), journal: await openJournal(call, account) };
  const interrupts = new ApplyInterrupts(call.io);
  const progress = new Progress(call.io.stderr);
  try {
    const scene: ApplyScene = { call, resolved, restraints, revision, ports, interrupts, progress };
    if (!asks) return end(call, await write(scene, saved));
    const consent = await askConsent(scene, saved);
    if (consent.kind === 'declined') return declined(call);
    return end(call, consent.kind === 'agreed' ? await write(scene, consent.agreed) : consent.result);
  } finally {
    progress.end();
    interrupts.end();
  }
}

async function write(scene: ApplyScene, agreed: AgreedPlan | null): Promise<RunResult> {
  const { permit, giveBack } = await takeLease(scene.call, scene.resolved.policy.account, scene.interrupts.abort);
  try {
    return await writeHolding({ ...scene, ports: { ...scene.ports, ...(permit && { permit }) } }, agreed);
  } finally {
    await giveBack();
  }
}

async function writeHolding(scene: ApplyScene, agreed: AgreedPlan | null): Promise<RunResult> {
  const { call, resolved, restraints, revision, ports, interrupts, progress } = scene;
  const { rowsPerPut, concurrency } = call.settings;
  const { stop, abort } = interrupts;
  const result = await reconcile(ports, {
    resolved,
    restraints,
    runId: randomUUID(),
    revision,
    agreed,
    rowsPerPut,
    concurrency,
    stop,
    abort,
    onEvent,
  });
  progress.end();
  return result;

  function onEvent(event: RunEvent): void {
    progress.show(progressOf(event));
    if (event.kind !== 'planned') return;
    interrupts.beginWriting();
    if (call.flags.has('yes')) showPlan(scene, event.plan);
  }
}

function end(call: Call, result: RunResult): ExitCode {
  const { io, paint } = call;
  const isJson = textFlag(call, 'format') === 'json';
  io.stdout.write(isJson ? jsonText(runToJson(result)) : textOf(result, paint.stdout));
  if (result.kind === 'stale') {
    io.stderr.write(`\nNext: ${nextLine(call, 'plan', '--out', textFlag(call, 'plan') ?? 'plan.json')}\n`);
  }
  return applyExit(result);
}

/** The plan was printed already; where nothing was written it has said why. */
function textOf(result: RunResult, paint: Paint): string {
  const wroteOrStale = result.kind === 'written' || result.kind === 'stale';
  return wroteOrStale ? `\n${renderRunText(result, paint)}` : '\nNothing was written.\n';
}

function declined(call: Call): ExitCode {
  call.io.stderr.write('Nothing was written.\n');
  return EXIT.failed;
}
