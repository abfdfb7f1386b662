import { type CallOf, defineCommand } from '../../line/command.ts';
import { choiceFlag, valueFlag } from '../../line/flags.ts';

/** One call of `grantd simulate`. */
export type SimulateCall = CallOf<typeof simulateCommand>;

/** `grantd simulate`: its arguments, flags, settings and help. */
export const simulateCommand = defineCommand({
  name: 'simulate',
  summary: 'serve a simulated Mailtrap account on this machine',
  description:
    "Serves a simulation of Mailtrap's API on loopback, with its calls, status codes and rate limit, to rehearse a policy " +
    'on. It keeps state. You can make it fail, and you can change the account as someone else would.',
  arguments: {},
  flags: {
    seed: valueFlag('FILE', 'the account to start from (default: config/account.example.yaml, shipped with grantd)'),
    port: valueFlag('N', 'the port to serve on (default: any free one)'),
    rateLimit: choiceFlag('WORD', 'off lifts the limit of 150 requests in 10 s', ['off']),
  },
  settings: [],
  reads: 'the seed',
  writes: 'nothing; the simulated account lives in memory',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd simulate --port 8025', says: 'serve the example account until Ctrl-C' },
    { line: 'grantd simulate --seed my-account.yaml --rate-limit off', says: 'an account of your own' },
  ],
});
