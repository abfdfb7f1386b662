import { choiceArgument, optionalArgument } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { formatFlag, switchFlag, valueFlag } from '../../line/flags.ts';

/** One call of `grantd audit`. */
export type AuditCall = CallOf<typeof auditCommand>;

/** `grantd audit`: its arguments, flags, settings and help. */
export const auditCommand = defineCommand({
  name: 'audit',
  summary: 'show what was written to the account, verify its audit log, or give back what was taken',
  description:
    'show prints what grantd wrote to the account: when, for whom, which rows, by which lines of the policy, and how it ' +
    'ended. verify follows the chain of hashes from the first record to the last, and names every line where it breaks. ' +
    'undo prints grants for the policy that give back for 7 days what grantd took, if nothing gave it back since. ' +
    'All read the whole file, however large it is, and follow its chain.',
  arguments: {
    action: choiceArgument('ACTION', 'what to do', ['show', 'verify', 'undo']),
    file: optionalArgument('FILE', 'the audit log (then the one of the settings for the account of the policy)'),
  },
  flags: {
    format: formatFlag('text', 'json'),
    last: valueFlag('N', 'show: only the last N entries'),
    who: valueFlag('WHO', 'show, undo: only those of this e-mail, or of token:NAME'),
    run: valueFlag('ID', 'show, undo: only those of this run'),
    since: valueFlag('MOMENT', 'show, undo: only those from this date or moment on, in UTC'),
    until: valueFlag('MOMENT', 'show, undo: only those before this moment, or up to the end of this date'),
    drift: switchFlag('undo: also what someone else had given, and grantd took back'),
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
    {
      line: 'grantd audit undo audit.jsonl --since 2026-11-24',
      says: 'grants that give back what was taken since then',
    },
  ],
});
