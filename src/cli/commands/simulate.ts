import { once } from 'node:events';
import type { AccountSeed } from '../../simulator/seed.ts';
import type { Simulator } from '../../simulator/start-simulator.ts';
import type { Call, CommandSpec } from '../line/command.ts';
import { UsageError } from '../line/errors.ts';
import { EXIT, type ExitCode } from '../line/exit-code.ts';
import { textFlag } from '../line/flags.ts';
import { examplePath } from '../process/examples.ts';
import { readSeeds } from '../process/read-seeds.ts';
import { untilInterrupted } from '../process/until-interrupted.ts';
import { simulatorGuide } from './simulator-guide.ts';

export const simulateCommand: CommandSpec = {
  name: 'simulate',
  summary: 'serve a simulated Mailtrap account on this machine',
  description:
    "Starts a stateful stand-in for Mailtrap's API on loopback, to rehearse a policy on: the same calls, status codes and " +
    'rate limit. It can be told to fail, and what somebody else would do to the account can be done to it.',
  arguments: [],
  flags: [
    {
      flags: '--seed <FILE>',
      says: 'the account to start from (default: config/account.example.yaml, shipped with grantd)',
    },
    { flags: '--port <N>', says: 'the port to serve on (default: any free one)' },
    { flags: '--rate-limit <WORD>', says: 'off lifts the limit of 150 requests in 10 s', choices: ['off'] },
  ],
  settings: [],
  reads: 'the seed',
  writes: 'nothing; the simulated account lives in memory',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd simulate --port 8025', says: 'serve the example account until Ctrl-C' },
    { line: 'grantd simulate --seed my-account.yaml --rate-limit off', says: 'an account of your own' },
  ],
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const { io, secrets, paint } = call;
  const seedFile = textFlag(call, 'seed');
  const seeds = await readSeeds(call, seedFile ?? examplePath(io, 'account'));
  const policyPath = seedFile === undefined ? examplePath(io, 'policy') : 'policy.yaml';
  const ended = untilInterrupted(io);
  const simulator = await serve(call, seeds);
  // What is shipped is no secret, even if it is in use; what a seed of one's own holds may have been put there by mistake.
  if (seedFile === undefined) for (const { tokens } of seeds) for (const { secret } of tokens) secrets.forget(secret);
  io.stdout.write(simulatorGuide(simulator.url, { seeds, policyPath }, paint.stdout));
  if (!ended.aborted) await once(ended, 'abort');
  await simulator.close();
  return EXIT.done;
}

async function serve(call: Call, seeds: readonly AccountSeed[]): Promise<Simulator> {
  const port = portOf(textFlag(call, 'port') ?? '0');
  const { startSimulator } = await import('../../simulator/start-simulator.ts');
  const rateLimit = call.flags.has('rate-limit') ? ({ rateLimit: 'off' } as const) : {};
  try {
    return await startSimulator({ seed: seeds, port, ...rateLimit });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EACCES' ? 'may not be used by this user' : 'is in use';
    throw new UsageError(`port ${port} ${why}`, 'choose another one, or leave --port away for any free one');
  }
}

function portOf(text: string): number {
  if (/^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError('--port is no port', 'write a number from 1 to 65535, or 0 for any free one');
}
