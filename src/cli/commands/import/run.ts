import { UsageError } from '../../line/errors.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { readOwnAccount } from '../../open/read-account.ts';
import { nextLine } from '../../process/next-line.ts';
import { writeNewFile } from '../../process/write-output-file.ts';
import { proveImport } from './proof.ts';
import type { ImportCall } from './spec.ts';
import { updatePolicy } from './update.ts';

export async function runImport(call: ImportCall): Promise<ExitCode> {
  if (call.flags.update) return updatePolicy(call);
  const { policy: named } = call.arguments;
  if (named !== undefined) {
    throw new UsageError(
      `the policy ${named} is named, and nothing says what to do with it`,
      `to make a new one: grantd import --out ${named}; to change one that is there: grantd import --update ${named}`,
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
  const isProved = await proveImport(call, { file: out === '-' ? 'policy.yaml' : out, text }, actual);
  if (!isProved) return EXIT.failed;
  const { grants, groups, notes } = policy;
  const count = (items: readonly unknown[], noun: string) => `${items.length} ${noun}${items.length === 1 ? '' : 's'}`;
  const what = `${count(grants, 'grant')}, ${count(groups, 'group')}, ${count(notes, 'note')} at the end`;
  const next = out === '-' ? '' : ` Next: ${nextLine({ namedPolicy: out }, 'plan')}`;
  call.io.stderr.write(`${out === '-' ? 'A' : `Wrote ${out}: a`} policy that changes nothing, with ${what}.${next}\n`);
  return EXIT.done;
}
