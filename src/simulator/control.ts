import type { AccountWrite } from './account-write.ts';
import { type Answer, answerWithJson } from './answer.ts';
import { isRequestObject } from './api-call.ts';
import { checkFault } from './check-fault.ts';
import { checkFields, type Fields } from './check-fields.ts';
import { checkWrite } from './check-write.ts';
import { describeState } from './describe-state.ts';
import type { Fault } from './fault.ts';
import { SimulatorInputError } from './input-error.ts';
import { SEED_BYTES_MAX } from './seed.ts';
import type { World } from './world.ts';

// The calls under /_sim/, for people and for other processes. They need no token, and no fault affects them.

type Control = (world: World, body: string, query: URLSearchParams) => unknown;

const CONTROLS: ReadonlyMap<string, Control> = new Map<string, Control>([
  ['GET /_sim/requests', showRequests],
  ['DELETE /_sim/requests', clearRequests],
  ['GET /_sim/state', showState],
  ['PUT /_sim/state', replaceState],
  ['POST /_sim/faults', addFaults],
  ['GET /_sim/faults', showFaults],
  ['DELETE /_sim/faults', clearFaults],
  ['POST /_sim/rows', writeRows],
  ['GET /_sim/clock', showClock],
  ['POST /_sim/clock', advanceClock],
]);

const CLOCK_FIELDS: Fields = { required: { advanceMs }, optional: {} };

const MIB = 1024 * 1024;

/** Whether the body of a call is a seed, which may be larger than other bodies. */
export function isSeedCall(method: string, url: string): boolean {
  return method === 'PUT' && /^\/_sim\/state(?:\?|$)/.test(url);
}

/** Answers a control call. A bad call gets 400 with every problem, 404, 405 or 413, and changes nothing. */
export async function answerControl(
  world: World,
  method: string,
  url: string,
  body: string | undefined,
): Promise<Answer> {
  const [path = '', search = ''] = url.split('?', 2);
  const known = [...CONTROLS.keys()].filter((call) => call.endsWith(` ${path}`));
  if (known.length === 0) return problem(404, `${path} is unknown; the calls are ${[...CONTROLS.keys()].join(', ')}.`);
  const control = CONTROLS.get(`${method} ${path}`);
  if (!control) return problem(405, `${method} is unknown at ${path}; the calls are ${known.join(', ')}.`);
  if (body === undefined) {
    return problem(413, `The body is over ${isSeedCall(method, url) ? SEED_BYTES_MAX / MIB : 1} MiB; send less.`);
  }
  try {
    return pretty(200, await control(world, body, new URLSearchParams(search)));
  } catch (error) {
    if (error instanceof SimulatorInputError) return pretty(400, { problems: error.problems });
    throw error;
  }
}

function showRequests({ log }: World, _body: string, query: URLSearchParams): unknown {
  const since = Number(query.get('since') ?? 0);
  if (!Number.isSafeInteger(since))
    throw new SimulatorInputError(['since is not an integer; write the last seq that you have seen.']);
  return { dropped: log.dropped, requests: log.list().filter(({ seq }) => seq > since) };
}

function clearRequests({ log }: World): unknown {
  const cleared = log.list().length;
  log.clear();
  return { cleared };
}

function showState(world: World): unknown {
  return { accounts: world.accounts().map(describeState) };
}

/** Loads the YAML parser and the schema only here, so that a program that seeds with values does not pay for them. */
async function replaceState(world: World, body: string): Promise<unknown> {
  const { loadAccountSeeds } = await import('./account-seed.ts');
  const loaded = loadAccountSeeds(body);
  if ('errors' in loaded) throw new SimulatorInputError(loaded.errors);
  world.replaceAccounts(loaded.seeds);
  return showState(world);
}

function addFaults(world: World, body: string): unknown {
  const faults = readList(body, 'fault', checkFault) as readonly Fault[];
  return { ids: faults.map((fault) => world.faults.add(fault)) };
}

function showFaults({ faults }: World): unknown {
  return { faults: faults.list() };
}

function clearFaults({ faults }: World): unknown {
  const cleared = faults.list().length;
  faults.clear();
  return { cleared };
}

function writeRows(world: World, body: string): unknown {
  const writes = readList(body, 'write', checkWrite) as readonly AccountWrite[];
  world.writeAllAsSomebodyElse(writes);
  return { written: writes.length };
}

function showClock(world: World): unknown {
  return { now: new Date(world.now()).toISOString() };
}

function advanceClock(world: World, body: string): unknown {
  const value = parse(body);
  if (!isRequestObject(value))
    throw new SimulatorInputError(['The body is not an object; write {"advanceMs": 60000}.']);
  const problems = checkFields(value, '', CLOCK_FIELDS);
  if (problems.length > 0) throw new SimulatorInputError(problems);
  world.advanceClock(Number(value['advanceMs']));
  return showClock(world);
}

/** Reads one item or a list of items, or throws every problem of every item. */
function readList(
  body: string,
  noun: string,
  check: (value: unknown, where: string) => readonly string[],
): readonly unknown[] {
  const value = parse(body);
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const problems = items.flatMap((item, index) => check(item, Array.isArray(value) ? `${noun} ${index}` : noun));
  if (problems.length > 0) throw new SimulatorInputError(problems);
  return items;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new SimulatorInputError([
      `The body is not JSON (${error instanceof Error ? error.message : String(error)}); fix it.`,
    ]);
  }
}

function advanceMs(value: unknown): string | undefined {
  const isGood = Number.isSafeInteger(value) && Math.abs(Number(value)) <= 1e12;
  return isGood ? undefined : 'milliseconds as an integer, at most 1e12 either way';
}

function problem(status: number, message: string): Answer {
  return pretty(status, { problems: [message] });
}

/** Indented, because people read these answers. */
function pretty(status: number, value: unknown): Answer {
  return { ...answerWithJson(status, null), body: `${JSON.stringify(value, null, 2)}\n` };
}
