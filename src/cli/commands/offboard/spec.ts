import { listArgument } from '../../line/arguments.ts';
import { type CallOf, defineCommand } from '../../line/command.ts';
import { SNAPSHOT_FLAG, switchFlag, valueFlag } from '../../line/flags.ts';

/** One call of `grantd offboard`. */
export type OffboardCall = CallOf<typeof offboardCommand>;

/** `grantd offboard`: its arguments, flags, settings and help. */
export const offboardCommand = defineCommand({
  name: 'offboard',
  summary: 'end the access of people who leave, in the policy',
  description:
    'Shows the edit of the policy that ends all access of some people: now, or on a date, by `ends`. It takes their access ' +
    'whatever `unlisted` says. Once that date has come and they hold nothing, --clean takes them out of every list of ' +
    'every file. --write makes the edit; the policy then goes through review as always.',
  arguments: { who: listArgument('WHO', 'the e-mails of the people') },
  flags: {
    on: valueFlag('DATE', 'through this day, or up to a moment with a time and offset, instead of now'),
    clean: switchFlag('take people out of every list whose end has come; needs --snapshot'),
    snapshot: { ...SNAPSHOT_FLAG, says: 'with --clean: a saved snapshot, which shows that they hold nothing' },
    write: switchFlag('make the edit, instead of only showing it'),
  },
  settings: ['policy'],
  reads: 'the policy; with --clean a snapshot',
  writes: 'nothing, but the files of the policy with --write',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd offboard ann@example.com --write', says: 'she leaves today' },
    {
      line: 'grantd offboard ann@example.com bob@example.com --on 2026-12-31',
      says: 'two people, at the end of the year',
    },
    { line: 'grantd offboard ann@example.com --clean --snapshot account.json --write', says: 'and later, no trace' },
  ],
});
