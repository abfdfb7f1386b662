import { requiredArgument } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { AT_FLAG, formatFlag, switchFlag, valueFlag } from '../../line/flags.ts';

/** One call of `grantd compare`. */
export type CompareCall = CallOf<typeof compareCommand>;

/** `grantd compare`: its arguments, flags, settings and help. */
export const compareCommand = defineCommand({
  name: 'compare',
  summary: 'what changes for whom between two policies, or two snapshots: no token, no network',
  description:
    'Shows who gains and loses what when one policy replaces another, the largest risks first; what changes in the reach ' +
    'of the policy; and what begins or ends at another time. From the two texts it shows what they prove, and what only ' +
    'an account can show; with --snapshot it is exact, resource by resource. ' +
    'Of two snapshots it shows what changed in the account, and with --audit-log what of it grantd wrote.',
  arguments: {
    old: requiredArgument('OLD', 'the policy as it is, or the earlier snapshot; - reads standard input'),
    new: requiredArgument('NEW', 'the policy as it will be, or the later snapshot; - reads standard input'),
  },
  flags: {
    snapshot: valueFlag('FILE', 'compare on a saved account'),
    at: AT_FLAG,
    auditLog: valueFlag('FILE', 'of two snapshots: also say which rows grantd wrote, by this log'),
    format: formatFlag('text', 'json', 'markdown'),
    detailedExitcode: switchFlag('exit with 2 if anything differs'),
  },
  settings: [],
  reads: 'both files, the snapshot and the audit log',
  writes: 'nothing',
  exits: [0, 1, 2, 4],
  examples: [
    { line: 'git show main:policy.yaml | grantd compare - policy.yaml', says: 'what this branch changes' },
    { line: 'grantd compare old.yaml new.yaml --snapshot account.json', says: 'exactly, on an account' },
    { line: 'grantd compare old.yaml new.yaml --format markdown', says: 'as a comment on a pull request' },
    {
      line: 'grantd compare monday.json friday.json --audit-log audit.jsonl',
      says: 'what changed in the account, and by whom',
    },
  ],
});
