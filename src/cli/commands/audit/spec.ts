import { choiceArgument, optionalArgument } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { formatFlag, valueFlag } from '../../line/flags.ts';

/** One call of `grantd audit`. */
export type AuditCall = CallOf<typeof auditCommand>;

/** `grantd audit`: its arguments, flags, settings and help. */
export const auditCommand = defineCommand({
  name: 'audit',
  summary: 'show what was written to the account, or verify that its audit log is complete',
  description:
    'show prints what grantd wrote to the account: when, for whom, which rows, by which lines of the policy, and how it ' +
    'ended. verify follows the chain of hashes from the first record to the last, and names every line where it breaks. ' +
    'Both read the whole file, however large it is, and follow its chain.',
  arguments: {
    action: choiceArgument('ACTION', 'what to do', ['show', 'verify']),
    file: optionalArgument('FILE', 'the audit log (then the one of the settings for the account of the policy)'),
  },
  flags: {
    format: formatFlag('text', 'json'),
    last: valueFlag('N', 'show: only the last N entries'),
    who: valueFlag('WHO', 'show: only those of this e-mail, or of token:NAME'),
    run: valueFlag('ID', 'show: only those of this run'),
    head: valueFlag('HASH', 'verify: also prove that the log contains a record with this hash'),
  },
  settings: ['policy', 'stateDir', 'auditLog'],
  isForEveryAccount: true,
  reads: 'the audit log; without FILE also the policy, for its account',
  writes: 'nothing',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd audit show --state-dir /var/lib/grantd --last 20', says: 'the last writes to the account' },
    { line: 'grantd audit show audit.jsonl --who ann@example.com', says: 'everything that Ann gained or lost' },
    { line: 'grantd audit verify audit.jsonl --head 5be0…', says: 'with a hash that was noted elsewhere' },
  ],
});
