import { changedTexts } from '../../../core/document/edit-policy.ts';
import type { PolicyTexts, SourceText } from '../../../core/document/source-text.ts';
import { visibleText } from '../../../core/domain/text/text.ts';
import { fitText } from '../../../report/layout/fit.ts';
import { InvalidPolicy, UsageError } from '../../line/errors.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { forOneAccount } from '../../line/one-account.ts';
import { accountOf } from '../../open/own-account.ts';
import { checkPolicy, policyTextCheck } from '../../open/policy.ts';
import { readWholeAccount } from '../../open/read-account.ts';
import { writeEdited } from '../../open/write-edited.ts';
import { nextLine, nextText } from '../../process/next-line.ts';
import { writeNewFile } from '../../process/write-output-file.ts';
import type { ImportCall } from './spec.ts';
import { type TakenOver, takeOver } from './take-over.ts';

/** `grantd import --update`: changes the policy of the call so that it says what the account has. */
export async function updatePolicy(every: ImportCall): Promise<ExitCode> {
  const call = forOneAccount(every);
  const { source, revision, checked } = await checkPolicy(call);
  if (!checked.ok) throw new InvalidPolicy(checked.problems, source);
  const { account } = checked.value;
  const named = accountOf(call.flags.account) ?? account;
  if (named !== account) {
    throw new UsageError(`the policy is for account ${account}, and --account says ${named}`, 'leave --account out');
  }
  const actual = await readWholeAccount(call, account, call.flags.snapshot);
  const taken = takeOver(source, { actual, now: call.io.clock.now(), check: await policyTextCheck(source) });
  await write(call, source, revision.sha256, taken);
  call.io.stderr.write(summaryText(call, source, taken));
  return EXIT.done;
}

async function write(call: ImportCall, old: PolicyTexts, sha256: string, { source }: TakenOver): Promise<void> {
  const { io, settings } = call;
  const out = call.flags.out ?? (settings.policy === '-' ? '-' : undefined);
  const changed = changedTexts(old, source);
  const others = changed.filter(({ path }) => path !== null).map(({ file }) => file);
  if (out !== undefined && others.length > 0) {
    throw new UsageError(
      `--out takes one file, and ${others.join(', ')} would change as well`,
      'leave --out out, and see the change with git diff',
    );
  }
  if (out === '-') io.stdout.write(source.text);
  else if (out !== undefined) await writeNewFile(io.cwd, out, source.text);
  else if (changed.length > 0) await writeEdited(call, sha256, changed);
}

function summaryText(call: ImportCall, { file }: SourceText, { done, left, differing, observed }: TakenOver): string {
  const list = (lines: readonly string[]) => lines.map((line) => `  ${visibleText(line)}\n`).join('');
  const name = visibleText(file);
  const paint = call.paint.stderr;
  if (done.length + left.length === 0 && differing === 0)
    return fitText(`${name} already says what the account has: nothing to take over.\n`, paint);
  const taken =
    done.length === 0
      ? `Nothing could be taken over into ${name}.\n`
      : `${name} now says what the account has:\n${list(done)}`;
  const open = left.length === 0 ? '' : `Not taken over:\n${list(left)}`;
  const empty = observed === 0 ? 'Its plan is now empty.' : 'Its plan is now empty, but for what it observes.';
  const rest = differing === 0 ? empty : `${differing} rows still differ.`;
  return fitText(`${taken}${open}`, paint) + nextText(rest, nextLine(call, 'plan'), paint);
}
