import type { Call, CommandSpec } from '../../line/command.ts';
import { UsageError } from '../../line/errors.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { formatFlag } from '../../line/flags.ts';

export const auditCommand: CommandSpec = {
  name: 'audit',
  summary: 'show what was written to the account, or prove that the log of it is whole',
  description:
    'show prints what grantd wrote to the account: when, for whom, which rows, by which lines of the policy, and how it ' +
    'ended. verify follows the chain of hashes from the first record to the last, and names every line where it breaks. ' +
    'Both read the whole file, however large it is, and follow its chain.',
  arguments: [
    { name: '<ACTION>', says: 'what to do', choices: ['show', 'verify'] },
    { name: '[FILE]', says: 'the audit log (then the one that the settings name for the account of the policy)' },
  ],
  flags: [
    formatFlag('text', 'json'),
    { flags: '--last <N>', says: 'show: only the last so many' },
    { flags: '--who <WHO>', says: 'show: only those of this e-mail, or of token:NAME' },
    { flags: '--run <ID>', says: 'show: only those of this run' },
    { flags: '--head <HASH>', says: 'verify: also prove that a record of this hash is in it' },
  ],
  settings: ['policy', 'stateDir', 'auditLog'],
  isForEveryAccount: true,
  reads: 'the audit log; the policy, for its account, where no FILE is named',
  writes: 'nothing',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd audit show --state-dir /var/lib/grantd --last 20', says: 'the last writes to the account' },
    { line: 'grantd audit show audit.jsonl --who ann@example.com', says: 'everything that Ann gained or lost' },
    { line: 'grantd audit verify audit.jsonl --head 5be0…', says: 'with a hash that was noted elsewhere' },
  ],
  run,
};

/** Flags that only one of the two takes. */
const OWN_FLAGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['show', ['last', 'who', 'run']],
  ['verify', ['head']],
]);

async function run(call: Call): Promise<ExitCode> {
  const [action = ''] = call.arguments;
  for (const [owner, flags] of OWN_FLAGS) {
    const stray = owner === action ? undefined : flags.find((flag) => call.flags.has(flag));
    if (stray !== undefined)
      throw new UsageError(`--${stray} is for audit ${owner}`, `leave it out of audit ${action}`);
  }
  const isWhole = action === 'verify' ? await verify(call) : await show(call);
  return isWhole ? EXIT.done : EXIT.failed;
}

async function verify(call: Call): Promise<boolean> {
  const { verifyLog } = await import('./verify.ts');
  return verifyLog(call);
}

async function show(call: Call): Promise<boolean> {
  const { showLog } = await import('./show.ts');
  return showLog(call);
}
