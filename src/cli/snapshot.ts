import { observeAccount } from '../observe/observe-account.ts';
import { CONNECTION_KEYS } from '../settings/settings-table.ts';
import type { Call, CommandSpec } from './command-spec.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { textFlag } from './flags.ts';
import { openAccount } from './open-account.ts';
import { openPolicy } from './open-policy.ts';
import { POLICY_ARGUMENT } from './policy-argument.ts';
import { Progress } from './progress.ts';
import { NEVER } from './signals.ts';
import { writeOutputFile } from './write-output-file.ts';

export const snapshotCommand: CommandSpec = {
  name: 'snapshot',
  summary: 'save the account as it is now to a file',
  description:
    'Reads the account that the policy names and prints it as JSON: who holds what on which resource. It holds no secret, ' +
    'and lets plan, validate, explain and who answer later, or elsewhere, without a token.',
  arguments: [POLICY_ARGUMENT],
  flags: [{ flags: '--out <FILE>', says: 'write it to this file (mode 0600) instead of printing it' }],
  settings: ['policy', ...CONNECTION_KEYS],
  reads: 'the policy, for its account; the account over the API',
  writes: 'nothing, but the file of --out',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd snapshot --out account.json', says: 'the account of ./policy.yaml' },
    { line: 'grantd snapshot --out a.json && grantd plan --snapshot a.json', says: 'then plan against it, offline' },
  ],
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const { policy } = await openPolicy(call);
  const { reader, clock } = await openAccount(call, policy.account);
  const progress = new Progress(call.io.stderr);
  progress.show('reading the account');
  try {
    // API tokens are read even where this policy names none: another policy may be judged by the same snapshot.
    const request = { account: policy.account, needsTokens: true, signal: NEVER };
    const { actual } = await observeAccount(reader, clock, request);
    progress.end();
    const { encodeSnapshot } = await import('../snapshot/snapshot.ts');
    return await print(call, encodeSnapshot(actual, clock.now()));
  } finally {
    progress.end();
  }
}

async function print({ io, flags }: Call, text: string): Promise<ExitCode> {
  const out = textFlag({ flags }, 'out');
  if (out === undefined) {
    io.stdout.write(text);
    return EXIT.done;
  }
  await writeOutputFile(io.cwd, out, text);
  io.stderr.write(`Saved to ${out}. Next: grantd plan --snapshot ${out}\n`);
  return EXIT.done;
}
