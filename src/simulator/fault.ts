import type { AccountWrite } from './account-write.ts';

// What can be made to go wrong. A fault is data, alike in a test and in a body of POST /_sim/faults.

/** Which calls of the API a fault looks at; everything that is given must fit. */
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
  /** The chance that it strikes a request that fits, from the seeded generator. Default: 1. */
  readonly probability?: number;
  /** How many requests that fit pass unharmed first. Default: 0. */
  readonly afterRequests?: number;
}

/** Whether the request takes effect: `before` strikes first, so nothing is written; `after` strikes when it was. */
export type Strike = 'before' | 'after';

/** The bodies that were seen, by name, or any other. `table` is the documented or recorded one of that status. */
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

export type FaultEffect =
  /** The request is handled `ms` (real time) later. Several add up. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Any status and body. Default strike: before. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: FaultBody;
      readonly retryAfter?: string | number;
      readonly strike?: Strike;
    }
  /** The connection is destroyed: without an answer, or (`midway`) when half of the answer is out. Default: before. */
  | { readonly kind: 'reset'; readonly strike?: Strike | 'midway' }
  /** The answer is cut and says so honestly in Content-Length. Default: half of it is left. */
  | { readonly kind: 'truncated'; readonly bytes?: number }
  /** 200 with a proxy's page. Default strike: after. */
  | { readonly kind: 'html'; readonly strike?: Strike }
  /** A list becomes an object, an object a list; or the body is `null`; or every `id` in it is a string. */
  | { readonly kind: 'shape'; readonly shape: 'object' | 'list' | 'null' | 'string-id' }
  /** The head never comes, or the body stops half-way (always after the effect); the connection stays open. Default strike: after. */
  | { readonly kind: 'stall'; readonly part: 'headers' | 'body'; readonly strike?: Strike }
  /** After this write, the next `reads` reads (default 1), or all for `ms` of the simulator's clock, show the state before. */
  | { readonly kind: 'stale'; readonly reads?: number; readonly ms?: number }
  /** The answer of a success, and nothing is written. */
  | { readonly kind: 'ignored' }
  /** Only the first `items` of a bulk PUT are taken. Default: half of them, rounded down. */
  | { readonly kind: 'partial'; readonly items?: number }
  /** Default: 302. */
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  /** The Date header is off by `skewMs`, ahead when positive. */
  | { readonly kind: 'date'; readonly skewMs: number }
  /** One header is set, or with `null` left out. */
  | { readonly kind: 'header'; readonly name: string; readonly value: string | null }
  /** A resource, with what lies below it, is missing from the tree. Rows on it stay. */
  | { readonly kind: 'hidden'; readonly type: string; readonly id: number }
  /** A list answers `[]`. */
  | { readonly kind: 'emptied' }
  /** Somebody else writes right before or right after this request. Default strike: before. */
  | { readonly kind: 'second-writer'; readonly write: AccountWrite; readonly strike?: Strike };

export type Fault = FaultSelection & FaultEffect;
