import type { AccountSeed } from '../simulator/seed.ts';
import type { Simulator } from '../simulator/start-simulator.ts';
import type { Call } from './command-spec.ts';
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

export async function runDemo(call: Call): Promise<ExitCode> {
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
