import { type CallOf, defineCommand } from '../../line/command.ts';
import { switchFlag, valueFlag } from '../../line/flags.ts';

/** One call of `grantd demo`. */
export type DemoCall = CallOf<typeof demoCommand>;

/** `grantd demo`: its arguments, flags, settings and help. */
export const demoCommand = defineCommand({
  name: 'demo',
  summary: 'watch grantd at work on a simulated account: no token, no network',
  description:
    'Starts a simulated Mailtrap account on a free port of this machine, makes it equal to the example policy, and shows ' +
    'each step. Then it watches: edit the policy, or change the account with the lines that it prints, and see what ' +
    'grantd does. Nothing leaves this machine.',
  arguments: {},
  flags: {
    once: switchFlag('end when the account equals the policy'),
    policy: valueFlag('FILE', 'another policy for the same account (default: config/policy.example.yaml)'),
  },
  settings: [],
  reads: 'the example account and policy, shipped with grantd',
  writes: 'nothing; the simulated account lives in memory',
  exits: [0, 1, 3, 4],
  examples: [
    { line: 'grantd demo', says: 'until Ctrl-C' },
    { line: 'grantd demo --once', says: 'one round, to read' },
    { line: 'cp config/policy.example.yaml my.yaml && grantd demo --policy my.yaml', says: 'a copy, to play with' },
  ],
});
