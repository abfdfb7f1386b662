import type { AccountWrite } from './account-write.ts';

// The faults that can be injected. A fault is data, the same in a test and in the body of POST /_sim/faults.

/** Which API calls a fault matches. Every given part must match. */
export interface FaultMatch {
  readonly method?: string;
  /** A part of the path with its query, or a pattern for it. */
  readonly path?: string | RegExp | { readonly regexp: string };
  /** The name of the calling token. */
  readonly token?: string;
}

interface FaultSelection {
  readonly match?: FaultMatch;
  /** How many requests it strikes before it is spent. Default: 1. */
  readonly times?: number | 'always';
  /** The probability that it strikes a matching request, from the seeded generator. Default: 1. */
  readonly probability?: number;
  /** How many matching requests pass first. Default: 0. */
  readonly afterRequests?: number;
}

/** Whether the request takes effect: `before` strikes first, so nothing is written; `after` strikes after the write. */
export type Strike = 'before' | 'after';

/** A recorded body by name, or any other body. `table` is the documented or recorded body for the status. */
export type FaultBody =
  | 'table'
  | 'html'
  | 'empty'
  | 'account-forbidden'
  | 'forbidden'
  | 'plan'
  | 'base'
  | 'name'
  | 'filters'
  | { readonly json: unknown }
  | { readonly text: string; readonly type?: string };

/** What a fault does. */
export type FaultEffect =
  /** Delays the request by `ms` of real time. Several add up. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Any status and body. Default strike: before. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: FaultBody;
      readonly retryAfter?: string | number;
      readonly strike?: Strike;
    }
  /** Destroys the connection: without an answer, or (`midway`) after half of the answer. Default: before. */
  | { readonly kind: 'reset'; readonly strike?: Strike | 'midway' }
  /** Cuts the answer, with a Content-Length that fits. Default: half of it is left. */
  | { readonly kind: 'truncated'; readonly bytes?: number }
  /** 200 with the page of a proxy. Default strike: after. */
  | { readonly kind: 'html'; readonly strike?: Strike }
  /** Turns a list into an object or an object into a list, or makes the body `null`, or makes every `id` a string. */
  | {
      readonly kind: 'shape';
      readonly shape: 'object' | 'list' | 'null' | 'string-id' | 'no-email' | 'unknown-kind' | 'two-levels';
      /** The account access that `no-email`, `unknown-kind` and `two-levels` change. Default: all. */
      readonly access?: number;
    }
  /** The head never comes, or the body stops halfway (always after the effect). The connection stays open. Default strike: after. */
  | { readonly kind: 'stall'; readonly part: 'headers' | 'body'; readonly strike?: Strike }
  /** After this write, the next `reads` reads (default 1), or all for `ms` of the simulator's clock, show the state before. */
  | { readonly kind: 'stale'; readonly reads?: number; readonly ms?: number }
  /** Answers success, but writes nothing. */
  | { readonly kind: 'ignored' }
  /** Applies only the first `items` of a bulk PUT. Default: half of them, rounded down. */
  | { readonly kind: 'partial'; readonly items?: number }
  /** Default: 302. */
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  /** Shifts the Date header by `skewMs`; positive is ahead. */
  | { readonly kind: 'date'; readonly skewMs: number }
  /** Sets one header, or removes it with `null`. */
  | { readonly kind: 'header'; readonly name: string; readonly value: string | null }
  /** Hides a resource, and everything below it, from the tree. Rows on it stay. */
  | { readonly kind: 'hidden'; readonly type: string; readonly id: number }
  /** Answers a list with `[]`. */
  | { readonly kind: 'emptied' }
  /** Someone else writes right before or right after this request. Default strike: before. */
  | { readonly kind: 'second-writer'; readonly write: AccountWrite; readonly strike?: Strike };

/** A fault: what it does, and which requests it strikes. */
export type Fault = FaultSelection & FaultEffect;
