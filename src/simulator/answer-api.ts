import type { ServerResponse } from 'node:http';
import { type Answer, answerWithJson } from './answer.ts';
import type { Arrival } from './arrival.ts';
import { deliver, type Manner, withEnvelope } from './deliver.ts';
import type { Fault, Strike } from './fault.ts';
import { answerOfFault } from './faulty-answer.ts';
import { SimulatorInputError } from './input-error.ts';
import { spoilAnswer } from './spoil-answer.ts';
import { type Effect, takeEffect } from './take-effect.ts';
import type { World } from './world.ts';

// The order for one API request: the log, delaying faults, writes of someone else, faults that strike first, the effect, faults
// that strike after it, writes of someone else, the answer. After the delay nothing waits, so two requests never mix.

interface Decision extends Effect {
  readonly manner: Manner;
}

/** Answers a request of the API, and logs it. */
export async function answerApi(world: World, arrival: Arrival, response: ServerResponse): Promise<void> {
  const { method, url, secret, text = '' } = arrival;
  const token = world.tokenName(secret);
  const path = withoutSecrets(world, url);
  const body = readable(withoutSecrets(world, text));
  const { seq, requestId } = world.log.begin({ at: world.now(), method, path, token, body }, Buffer.byteLength(text));
  const faults = world.faults.take({ method, path: url, token });
  await world.delays.wait(faults.reduce((sum, fault) => sum + (fault.kind === 'latency' ? fault.ms : 0), 0));

  const failures = writeAsSomebodyElse(world, faults, 'before');
  const { limit, remaining, allowed } = world.rateLimit.take(world.caller(secret) ? (secret ?? '') : '', world.now());
  const { answer, manner, changed } = decide(world, arrival, allowed, faults);
  failures.push(...writeAsSomebodyElse(world, faults, 'after'));

  const hasHead = manner !== 'reset' && manner !== 'stall-headers';
  const struck = [...faults.map(({ kind }) => kind), ...failures];
  world.log.finish(seq, { status: hasHead ? answer.status : null, remaining, faults: struck, changed });
  const envelope = { requestId, limit, remaining, now: world.now() };
  deliver(response, withEnvelope(answer, envelope, faults), manner);
}

/** Applies the faults around the effect. If several of them answer or break the connection, the first injected one wins. */
function decide(world: World, arrival: Arrival, isAllowed: boolean, faults: readonly Fault[]): Decision {
  const first = faults.find((fault) => strikeOf(fault) === 'before');
  if (first) return { answer: answerOfFault(first) ?? NO_ANSWER, manner: mannerOf(first), changed: false };
  const { answer, changed } = takeEffect(world, arrival, isAllowed, faults);
  const replacing = faults.map(answerOfFault).find((replacement) => replacement !== undefined);
  const manner = faults.map(mannerOf).find((one) => one !== 'whole') ?? 'whole';
  return { answer: faults.reduce(spoilAnswer, replacing ?? answer), manner, changed };
}

/** The answer that a reset or a stalled head never sends. */
const NO_ANSWER: Answer = answerWithJson(500, null);

function strikeOf(fault: Fault): Strike | undefined {
  switch (fault.kind) {
    case 'status':
      return fault.strike ?? 'before';
    case 'redirect':
      return 'before';
    case 'reset':
      return fault.strike === 'after' || fault.strike === 'midway' ? 'after' : 'before';
    case 'html':
      return fault.strike ?? 'after';
    case 'stall':
      return fault.part === 'body' ? 'after' : (fault.strike ?? 'after');
    default:
      return undefined;
  }
}

function mannerOf(fault: Fault): Manner {
  if (fault.kind === 'reset') return fault.strike === 'midway' ? 'reset-midway' : 'reset';
  if (fault.kind === 'stall') return fault.part === 'headers' ? 'stall-headers' : 'stall-body';
  return 'whole';
}

/** Makes the writes of someone else. A write that fails must not break the request: the log reports it. */
function writeAsSomebodyElse(world: World, faults: readonly Fault[], when: Strike): string[] {
  const failures: string[] = [];
  for (const fault of faults) {
    if (fault.kind !== 'second-writer' || (fault.strike ?? 'before') !== when) continue;
    try {
      world.writeAsSomebodyElse(fault.write);
    } catch (error) {
      if (!(error instanceof SimulatorInputError)) throw error;
      failures.push(`second-writer failed: ${error.message}`);
    }
  }
  return failures;
}

function withoutSecrets(world: World, text: string): string {
  if (text === '') return text;
  return world.secrets().reduce((clean, { secret, name }) => clean.replaceAll(secret, `[secret of ${name}]`), text);
}

function readable(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
