import type { Access, AccountState } from './account-state.ts';
import type { RouteOutcome } from './answer.ts';
import type { Generation } from './resource-type.ts';

/** One authenticated call of the API, with everything that an endpoint may look at. */
export interface ApiCall {
  readonly generation: Generation;
  readonly query: URLSearchParams;
  /** The state now: what writes work on. */
  readonly state: AccountState;
  /** What a list shows: the same state, or an older one during stale reads. Each call uses one stale read up. */
  readonly view: () => AccountState;
  readonly caller: Access;
  /** Every account of the simulator, for calls about several accounts. */
  readonly accounts: readonly AccountState[];
  readonly body: ParsedBody;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Answers a call; `id` is the last id of the path, or `NaN` without one. */
export type Endpoint = (call: ApiCall, id: number) => RouteOutcome;

/** The body as the endpoints receive it. A body whose headers do not declare JSON is `unparsable` as well. */
export type ParsedBody = { readonly value: unknown } | 'empty' | 'unparsable';

/** A JSON object from outside, with unknown fields. */
export type RequestObject = Readonly<Record<string, unknown>>;

/** The object that a body is; `undefined` if it is anything else. */
export function bodyObject(body: ParsedBody): RequestObject | undefined {
  return typeof body !== 'string' && isRequestObject(body.value) ? body.value : undefined;
}

/** Whether a value is a JSON object, and not a list or null. */
export function isRequestObject(value: unknown): value is RequestObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
