import type { Access, AccountState } from './account-state.ts';
import type { Generation } from './resource-type.ts';

/** One authenticated call of the API, with everything that an endpoint may look at. */
export interface ApiCall {
  readonly generation: Generation;
  readonly query: URLSearchParams;
  /** The state now: what writes work on. */
  readonly state: AccountState;
  /** What a list shows: the same, or an older state while stale reads are rehearsed; each call uses one of them up. */
  readonly view: () => AccountState;
  readonly caller: Access;
  /** Every account of the simulator, for the calls that speak of several. */
  readonly accounts: readonly AccountState[];
  readonly body: ParsedBody;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The body as the endpoints take it; `unparsable` also stands for a body that does not say it is JSON. */
export type ParsedBody = { readonly value: unknown } | 'unparsable';

/** A JSON object as it comes in: nothing is known of its fields. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
