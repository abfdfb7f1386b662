import { type PutLedger, processLedger } from '../../../core/domain/run/daemon-ports.ts';
import type { AccountSeed } from '../../../simulator/seed.ts';
import type { Simulator } from '../../../simulator/start-simulator.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { type AccountPorts, connect } from '../../open/connect.ts';
import { examplePath, readSeeds } from '../../process/examples.ts';
import type { CliIo } from '../../process/io.ts';
import { untilInterrupted } from '../../process/node-io.ts';
import { DaemonPrinter } from './daemon-printer.ts';
import { FirstRound } from './first-round.ts';
import type { DemoCall } from './spec.ts';
import { introduction } from './texts.ts';

/** Plays the demo on a simulated account, until it ends or the user presses Ctrl-C. */
export async function runDemo(call: DemoCall): Promise<ExitCode> {
  const { io } = call;
  const ended = untilInterrupted(io);
  const seeds = await readSeeds(call, examplePath(io, 'account'));
  const { startSimulator } = await import('../../../simulator/start-simulator.ts');
  const simulator = await startSimulator({ seed: seeds });
  try {
    const { firstRound, ports, ledger } = await openDemo(call, { simulator, seeds, ended });
    const first = await firstRound.run();
    if (call.flags.once) return first;
    await firstRound.printHints(simulator.url);
    const { watchDemo } = await import('./watch.ts');
    const printer = new DaemonPrinter(call, firstRound.remainingDigest);
    await watchDemo({ call, ports, ledger, policyPath: firstRound.policyPath, printer, ended });
    return over(io);
  } catch (error) {
    if (ended.aborted) return over(io);
    throw error;
  } finally {
    await simulator.close();
  }
}

function over(io: CliIo): ExitCode {
  io.stdout.write('\nThe demo is over. It leaves nothing behind.\n');
  return EXIT.done;
}

interface DemoAccount {
  readonly simulator: Simulator;
  readonly seeds: readonly AccountSeed[];
  readonly ended: AbortSignal;
}

async function openDemo(
  call: DemoCall,
  { simulator, seeds, ended }: DemoAccount,
): Promise<{ readonly firstRound: FirstRound; readonly ports: AccountPorts; readonly ledger: PutLedger }> {
  const { io, paint, settings } = call;
  const [seed] = seeds;
  const account = seed?.account.id ?? 0;
  const token = seed?.tokens[0]?.secret ?? '';
  const policyPath = call.flags.policy ?? examplePath(io, 'policy');
  const ports = await connect(io, { account, token: () => token, settings: { ...settings, apiUrl: simulator.url } });
  io.stdout.write(introduction(simulator, examplePath(io, 'account'), paint.stdout));
  const ledger = processLedger(account, simulator.url);
  return { firstRound: new FirstRound({ call, ports, ledger, policyPath, ended }), ports, ledger };
}
