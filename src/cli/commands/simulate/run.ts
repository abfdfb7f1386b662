import { once } from 'node:events';
import { shellWord } from '../../../core/domain/text/text.ts';
import { commandLines, fitText } from '../../../report/layout/fit.ts';
import type { Paint } from '../../../report/layout/paint.ts';
import type { AccessSeed, AccountSeed } from '../../../simulator/seed.ts';
import type { Simulator } from '../../../simulator/start-simulator.ts';
import { UsageError } from '../../line/errors.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { examplePath, readSeeds } from '../../process/examples.ts';
import { untilInterrupted } from '../../process/node-io.ts';
import type { SimulateCall } from './spec.ts';

/** Serves a simulated account until Ctrl-C. Throws `UsageError` if the port is not free. */
export async function runSimulate(call: SimulateCall): Promise<ExitCode> {
  const { io, secrets, paint } = call;
  const { seed: seedFile } = call.flags;
  const seeds = await readSeeds(call, seedFile ?? examplePath(io, 'account'));
  const policyPath = seedFile === undefined ? examplePath(io, 'policy') : 'policy.yaml';
  const ended = untilInterrupted(io);
  const simulator = await serve(call, seeds);
  // The shipped token is no secret, even if it is in use. A seed of the user may contain a real one by mistake.
  if (seedFile === undefined) for (const { tokens } of seeds) for (const { secret } of tokens) secrets.forget(secret);
  io.stdout.write(guideText(simulator.url, { seeds, policyPath }, paint.stdout));
  if (!ended.aborted) await once(ended, 'abort');
  await simulator.close();
  return EXIT.done;
}

async function serve(call: SimulateCall, seeds: readonly AccountSeed[]): Promise<Simulator> {
  const { port: portText = '0', rateLimit } = call.flags;
  const port = portOf(portText);
  const { startSimulator } = await import('../../../simulator/start-simulator.ts');
  try {
    return await startSimulator({ seed: seeds, port, ...(rateLimit && { rateLimit }) });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EACCES' ? 'may not be used by this user' : 'is in use';
    throw new UsageError(`port ${port} ${why}`, 'choose another one, or leave --port out to get any free one');
  }
}

function portOf(text: string): number {
  if (/^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError('--port is not a port number', 'write a number from 1 to 65535, or 0 for any free one');
}

interface ServedAccounts {
  readonly seeds: readonly AccountSeed[];
  /** A policy to begin with. */
  readonly policyPath: string;
}

/** How to use a simulator that was just started: lines to copy into another terminal. */
function guideText(url: string, { seeds, policyPath }: ServedAccounts, paint: Paint): string {
  const [first] = seeds;
  const account = first?.account.id ?? 0;
  const token = first?.tokens[0]?.secret ?? '';
  const who = first?.accesses?.find(isOrdinary)?.email ?? 'someone@example.com';
  const makeAdmin = { act: 'set-row', who, type: 'account', id: account, level: 100 };
  const lines = [
    `${paint.strong('A simulated Mailtrap is at')} ${url}`,
    ...seeds.map(
      ({ account: { id, name }, accesses }) => `  account ${id} (${name}), ${accesses?.length ?? 0} members`,
    ),
    '',
    'Point grantd at it, in another terminal:',
    ...copied(`export GRANTD_API_URL=${url}`),
    ...copied(`export MAILTRAP_API_TOKEN=${shellWord(token)}`),
    ...copied(`grantd plan ${shellWord(policyPath)}`),
    '',
    'Ask it what you would ask Mailtrap:',
    ...copied(`curl -H ${shellWord(`Authorization: Bearer ${token}`)} ${url}/api/accounts/${account}/account_accesses`),
    '',
    'Act as someone else, see the state and the requests, make the next write fail (no token needed):',
    ...copied(`curl -s ${url}/_sim/rows -d ${shellWord(JSON.stringify(makeAdmin))}`),
    ...copied(`curl -s ${url}/_sim/state`),
    ...copied(`curl -s ${url}/_sim/requests`),
    ...copied(`curl -s ${url}/_sim/faults -d '{"kind":"status","status":503,"match":{"method":"PUT"}}'`),
    '',
    'Nothing is saved. Ctrl-C ends it.',
    '',
  ];
  return fitText(lines.join('\n'), paint);

  function copied(command: string): readonly string[] {
    return commandLines('  ', command, paint);
  }
}

/** Someone whom the guide can make an account admin. */
function isOrdinary({ kind, owner, rows }: AccessSeed): boolean {
  return kind === 'user' && owner !== true && rows?.every(({ type }) => type !== 'account') === true;
}
