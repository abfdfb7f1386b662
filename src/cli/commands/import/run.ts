import type { SourceText } from '../../../core/document/source-text.ts';
import type { ActualState } from '../../../core/domain/account/actual-state.ts';
import { NO_RESTRAINTS } from '../../../core/domain/plan/restraints.ts';
import { MODES } from '../../../core/domain/policy/policy.ts';
import { counted, shellWord, visibleText } from '../../../core/domain/text/text.ts';
import { fitText } from '../../../report/layout/fit.ts';
import { renderProblems } from '../../../report/problems/text.ts';
import { makePlan } from '../../../run/reconcile/make-plan.ts';
import { UsageError } from '../../line/errors.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { failureText } from '../../line/print-failure.ts';
import { checkPolicyText } from '../../open/policy.ts';
import { readOwnAccount } from '../../open/read-account.ts';
import { nextLine, nextText } from '../../process/next-line.ts';
import { writeNewFile } from '../../process/write-output-file.ts';
import type { ImportCall } from './spec.ts';
import { updatePolicy } from './update.ts';

/** What helps if the account does not fit a policy. */
const REMEDY =
  'make it smaller by hand, e.g. with a pattern such as project:* in place of many names; then grantd validate';

/** Writes a new policy from the account, or with `--update` changes an existing one. */
export async function runImport(call: ImportCall): Promise<ExitCode> {
  if (call.flags.update) return updatePolicy(call);
  const { policy: named } = call.arguments;
  if (named !== undefined) {
    throw new UsageError(
      `you named the policy ${named}, but not what to do with it`,
      `to make a new one: grantd import --out ${shellWord(named)}; to change an existing one: grantd import --update ${shellWord(named)}`,
    );
  }
  return importNew(call);
}

async function importNew(call: ImportCall): Promise<ExitCode> {
  const actual = await readOwnAccount(call, call.flags);
  const [{ inferPolicy }, { writePolicy }] = await Promise.all([
    import('../../../core/infer/infer-policy.ts'),
    import('../../../core/document/write-policy.ts'),
  ]);
  const policy = inferPolicy(actual);
  const text = writePolicy(policy);
  const out = call.flags.out ?? '-';
  if (out === '-') call.io.stdout.write(text);
  else await writeNewFile(call.io.cwd, out, text);
  const isExact = await isImportExact(call, { file: out === '-' ? 'policy.yaml' : out, text }, actual);
  if (!isExact) return EXIT.failed;
  const { grants, groups, notes } = policy;
  const what = `${counted(grants.length, 'grant')}, ${counted(groups.length, 'group')}, ${counted(notes.length, 'note')} at the end`;
  const done = `${out === '-' ? 'A' : `Wrote ${visibleText(out)}: a`} policy that changes nothing, with ${what}.`;
  const paint = call.paint.stderr;
  call.io.stderr.write(
    out === '-' ? fitText(`${done}\n`, paint) : nextText(done, nextLine({ namedPolicy: out }, 'plan'), paint),
  );
  return EXIT.done;
}

/**
 * Checks that the written policy is valid, and that it would change nothing in any mode. If not, it prints why: an account
 * may be too large for one policy.
 */
async function isImportExact(call: ImportCall, source: SourceText, actual: ActualState): Promise<boolean> {
  const { io, paint } = call;
  const checked = await checkPolicyText(source);
  if (!checked.ok) {
    io.stderr.write(renderProblems(checked.problems, source, paint.stderr));
    const message = 'the account does not fit into one policy, so grantd would not accept the file that it wrote';
    io.stderr.write(failureText('import', { message, remedy: REMEDY }, paint.stderr));
    return false;
  }
  const resolved = checked.value;
  const now = io.clock.now();
  const changes = MODES.flatMap((mode) => {
    const { plan } = makePlan({ ...resolved, policy: { ...resolved.policy, mode } }, actual, now, NO_RESTRAINTS);
    return [...plan.changes, ...plan.held.flatMap((held) => held.changes), ...plan.deferred];
  });
  if (changes.length === 0) return true;
  const message = `the written policy would change ${changes.length} rows, but an import must change none`;
  const remedy = 'do not use it; please report this with a snapshot in which names are replaced';
  io.stderr.write(failureText('fault', { message, remedy }, paint.stderr));
  return false;
}
