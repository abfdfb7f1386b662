import type { AccountSeed } from '../simulator/seed.ts';
import type { Simulator } from '../simulator/start-simulator.ts';
import type { Call, CommandSpec } from './command-spec.ts';
import { type AccountPorts, connect } from './connect.ts';
import { DemoStory } from './demo-story.ts';
import { DemoTeller } from './demo-teller.ts';
import { introduction } from './demo-words.ts';
import { examplePath } from './example-path.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { textFlag } from './flags.ts';
import type { CliIo } from './io.ts';
import { readSeeds } from './read-seeds.ts';
import { untilInterrupted } from './until-interrupted.ts';

export const demoCommand: CommandSpec = {
  name: 'demo',
  summary: 'watch grantd at work on a simulated account: no token, no network',
  description:
    'Starts a simulated Mailtrap account on a free port of this machine, makes it equal to the example policy, and tells ' +
    'what happens at each step. Then it watches: edit the policy, or change the account with the lines that it prints, and ' +
    'see what grantd does about it. Nothing leaves this machine.',
  arguments: [],
  flags: [
    { flags: '--once', says: 'end when the account is as the policy says' },
    { flags: '--policy <FILE>', says: 'another policy for the same account (default: config/policy.example.yaml)' },
  ],
  settings: [],
  reads: 'the example account and policy, shipped with grantd',
  writes: 'nothing; the simulated account lives in memory',
  exits: [0, 1, 3, 4],
  examples: [
    { line: 'grantd demo', says: 'until Ctrl-C' },
    { line: 'grantd demo --once', says: 'one round, to read' },
    { line: 'cp config/policy.example.yaml my.yaml && grantd demo --policy my.yaml', says: 'a copy, to play with' },
  ],
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const { io } = call;
  const ended = untilInterrupted(io);
  const seeds = await readSeeds(call, examplePath(io, 'account'));
  const { startSimulator } = await import('../simulator/start-simulator.ts');
  const simulator = await startSimulator({ seed: seeds });
  try {
    const { story, ports } = await beginStory(call, { simulator, seeds, ended });
    const first = await story.tell();
    if (call.flags.has('once')) return first;
    await story.giveHints(simulator.url);
    const { watchDemo } = await import('./demo-watch.ts');
    const teller = new DemoTeller(call, story.toldDigest);
    await watchDemo({ call, ports, policyPath: story.policyPath, teller, ended });
    return over(io);
  } catch (error) {
    if (ended.aborted) return over(io);
    throw error;
  } finally {
    await simulator.close();
  }
}

function over(io: CliIo): ExitCode {
  io.stdout.write('\nThe demo is over, and nothing of it is left.\n');
  return EXIT.done;
}

interface Stage {
  readonly simulator: Simulator;
  readonly seeds: readonly AccountSeed[];
  readonly ended: AbortSignal;
}

async function beginStory(
  call: Call,
  { simulator, seeds, ended }: Stage,
): Promise<{ readonly story: DemoStory; readonly ports: AccountPorts }> {
  const { io, paint, settings } = call;
  const [seed] = seeds;
  const account = seed?.account.id ?? 0;
  const token = seed?.tokens[0]?.secret ?? '';
  const policyPath = textFlag(call, 'policy') ?? examplePath(io, 'policy');
  const ports = await connect(io, { account, token: () => token, settings: { ...settings, apiUrl: simulator.url } });
  io.stdout.write(introduction(simulator, examplePath(io, 'account'), paint.stdout));
  return { story: new DemoStory({ call, ports, policyPath, ended }), ports };
}
