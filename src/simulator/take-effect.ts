import type { AccountState } from './account-state.ts';
import { type Answer, INCORRECT_TOKEN, NOT_FOUND, RATE_LIMITED, type RouteOutcome, TOO_LARGE } from './answer.ts';
import { bodyObject, type ParsedBody } from './api-call.ts';
import type { Arrival } from './arrival.ts';
import type { Fault } from './fault.ts';
import { onePage } from './pages.ts';
import { answerRoute, findRoute } from './route.ts';
import type { World } from './world.ts';

/** The answer to one call, and whether it changed anything. */
export interface Effect {
  readonly answer: Answer;
  /** True if the call changed an account, or made one. */
  readonly changed: boolean;
}

/** Carries out one call of the API, as far as the faults `ignored`, `partial` and `stale` let it. */
export function takeEffect(world: World, arrival: Arrival, isAllowed: boolean, faults: readonly Fault[]): Effect {
  const { answer, state } = outcomeOf(world, arrival, isAllowed, faults);
  if (!state || faults.some(({ kind }) => kind === 'ignored')) return { answer, changed: false };
  const before = world.accounts().find(({ id }) => id === state.id);
  if (state === before) return { answer, changed: false };
  world.commit(state);
  if (!before) return { answer, changed: true };
  if (state.switches.listsLagReads > 0) world.keepShowing(before, state.switches.listsLagReads, 0);
  showOlder(world, before, faults);
  return { answer, changed: true };
}

function outcomeOf(world: World, arrival: Arrival, isAllowed: boolean, faults: readonly Fault[]): RouteOutcome {
  const { method, url, secret, text } = arrival;
  const [path = '', search = ''] = url.split('?', 2);
  if (!isAllowed) return { answer: RATE_LIMITED };
  if (text === undefined) return { answer: TOO_LARGE };
  const route = findRoute(method, path);
  if (!route) return { answer: NOT_FOUND };
  const caller = world.caller(secret);
  if (!caller) return { answer: INCORRECT_TOKEN };
  const { state, access } = caller;
  const { onlyNewWords, pages } = state.switches;
  const query = new URLSearchParams(search);
  const outcome = answerRoute(route, {
    generation: onlyNewWords ? 'B' : route.generation,
    query,
    state,
    view: () => world.view(state),
    caller: access,
    accounts: world.accounts(),
    body: withItems(parseBody(arrival, text), faults),
    now: world.now(),
  });
  return pages && method === 'GET' ? { answer: onePage(outcome.answer, { path, query, pages }) } : outcome;
}

/** A body whose headers do not declare JSON is not read as JSON (assumed). */
function parseBody({ isJson }: Arrival, text: string): ParsedBody {
  if (text === '') return 'empty';
  if (!isJson) return 'unparsable';
  try {
    return { value: JSON.parse(text) };
  } catch {
    return 'unparsable';
  }
}

/** Keeps the items of a bulk PUT that a `partial` fault lets through. */
function withItems(body: ParsedBody, faults: readonly Fault[]): ParsedBody {
  const partial = faults.find((fault) => fault.kind === 'partial');
  const value = bodyObject(body);
  const permissions = value?.['permissions'];
  if (!partial || !Array.isArray(permissions)) return body;
  const count = partial.items ?? permissions.length >> 1;
  return { value: { ...value, permissions: permissions.slice(0, count) } };
}

function showOlder(world: World, before: AccountState, faults: readonly Fault[]): void {
  for (const fault of faults) {
    if (fault.kind !== 'stale') continue;
    world.keepShowing(before, fault.reads ?? (fault.ms === undefined ? 1 : 0), fault.ms ?? 0);
  }
}
