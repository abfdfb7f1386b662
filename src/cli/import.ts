import { CONNECTION_KEYS } from '../settings/settings-table.ts';
import type { Call, CommandSpec } from './command-spec.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { textFlag } from './flags.ts';
import { proveImport } from './import-proof.ts';
import { updatePolicy } from './import-update.ts';
import { nextLine } from './next-line.ts';
import { SNAPSHOT_FLAG } from './observe-for.ts';
import { ACCOUNT_FLAG } from './own-account.ts';
import { POLICY_ARGUMENT } from './policy-argument.ts';
import { readOwnAccount } from './read-account.ts';
import { UsageError } from './usage-error.ts';
import { writeNewFile } from './write-new-file.ts';

export const importCommand: CommandSpec = {
  name: 'import',
  summary: 'write down what the account holds as a policy, or take over what changed',
  description:
    'Reads the account and writes a policy in mode observe that changes nothing: everybody in grants, those who hold the ' +
    'same in groups, owners and account admins protected, and comments for what no policy can say. With --update it takes ' +
    'into a policy that is there what the account holds otherwise, and keeps its comments and its order.',
  arguments: [{ ...POLICY_ARGUMENT, says: 'with --update: the policy file (then GRANTD_POLICY, then ./policy.yaml)' }],
  flags: [
    { flags: '--update', says: 'change the policy so that it says what the account holds' },
    {
      flags: '--out <FILE>',
      says: 'write to this file, which must not be there yet; - prints (default without --update)',
    },
    SNAPSHOT_FLAG,
    ACCOUNT_FLAG,
  ],
  settings: ['policy', ...CONNECTION_KEYS],
  isForEveryAccount: true,
  reads: 'the account over the API, or a snapshot; with --update the policy',
  writes: 'the file of --out; with --update the policy file; never to the account',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd import --out policy.yaml', says: 'the account of the token as a policy' },
    { line: 'grantd import --snapshot account.json', says: 'the same from a saved account, printed' },
    { line: 'grantd import --update policy.yaml', says: 'take over what somebody changed in Mailtrap' },
    { line: 'grantd import --update policy.yaml --out -', says: 'only look at what that would be' },
  ],
  run,
};

async function run(call: Call): Promise<ExitCode> {
  if (call.flags.has('update')) return updatePolicy(call);
  const [named] = call.arguments;
  if (named !== undefined) {
    throw new UsageError(
      `the policy ${named} is named, and nothing says what to do with it`,
      `to make a new one: grantd import --out ${named}; to change one that is there: grantd import --update ${named}`,
    );
  }
  return importNew(call);
}

async function importNew(call: Call): Promise<ExitCode> {
  const actual = await readOwnAccount(call);
  const [{ inferPolicy }, { writePolicy }] = await Promise.all([
    import('../infer/infer-policy.ts'),
    import('../document/write-policy.ts'),
  ]);
  const policy = inferPolicy(actual);
  const text = writePolicy(policy);
  const out = textFlag(call, 'out') ?? '-';
  if (out === '-') call.io.stdout.write(text);
  else await writeNewFile(call.io.cwd, out, text);
  const isProved = await proveImport(call, { file: out === '-' ? 'policy.yaml' : out, text }, actual);
  if (!isProved) return EXIT.failed;
  const { grants, groups, notes } = policy;
  const count = (items: readonly unknown[], noun: string) => `${items.length} ${noun}${items.length === 1 ? '' : 's'}`;
  const what = `${count(grants, 'grant')}, ${count(groups, 'group')}, ${count(notes, 'note')} at the end`;
  const next = out === '-' ? '' : ` Next: ${nextLine({ flags: new Map([['policy', out]]) }, 'plan')}`;
  call.io.stderr.write(`${out === '-' ? 'A' : `Wrote ${out}: a`} policy that changes nothing, with ${what}.${next}\n`);
  return EXIT.done;
}
