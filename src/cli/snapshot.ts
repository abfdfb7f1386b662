import type { ActualState } from '../domain/actual-state.ts';
import { CONNECTION_KEYS } from '../settings/settings-table.ts';
import type { Call, CommandSpec } from './command-spec.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { textFlag } from './flags.ts';
import { openAccount } from './open-account.ts';
import { openPolicy } from './open-policy.ts';
import { accountFlag, openOwnAccount } from './own-account.ts';
import { POLICY_ARGUMENT } from './policy-argument.ts';
import { observeWhole } from './read-account.ts';
import { writeOutputFile } from './write-output-file.ts';

export const snapshotCommand: CommandSpec = {
  name: 'snapshot',
  summary: 'save the account as it is now to a file',
  description:
    'Reads the account that the policy or --account names and prints it as JSON: who holds what on which resource. It holds no secret, ' +
    'and lets plan, validate, explain and who answer later, or elsewhere, without a token.',
  arguments: [POLICY_ARGUMENT],
  flags: [
    { flags: '--out <FILE>', says: 'write it to this file (mode 0600) instead of printing it' },
    { flags: '--account <ID>', says: 'the id of the account, where there is no policy yet' },
  ],
  settings: ['policy', ...CONNECTION_KEYS],
  reads: 'the policy, for its account, if --account does not say it; the account over the API',
  writes: 'nothing, but the file of --out',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd snapshot --out account.json', says: 'the account of ./policy.yaml' },
    { line: 'grantd snapshot --out a.json && grantd plan --snapshot a.json', says: 'then plan against it, offline' },
    { line: 'grantd snapshot --account 3229 --out account.json', says: 'without a policy' },
  ],
  run,
};

async function run(call: Call): Promise<ExitCode> {
  // With the API tokens, even where this policy names none: another policy may be judged by the same snapshot.
  const actual = await observeNamed(call);
  const { encodeSnapshot } = await import('../snapshot/snapshot.ts');
  return print(call, encodeSnapshot(actual, call.io.clock.now()));
}

/** Whoever has no policy yet names the account; else the policy does. */
async function observeNamed(call: Call): Promise<ActualState> {
  const named = accountFlag(call);
  if (named === null) {
    const { account } = (await openPolicy(call)).policy;
    return observeWhole(call, account, await openAccount(call, account));
  }
  const { account, ports } = await openOwnAccount(call, named);
  return observeWhole(call, account, ports);
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
