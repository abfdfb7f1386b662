import { describe, expect, it } from 'vitest';
import {
  decideRetry,
  type FailedTry,
  mayHaveActed,
  type TryFailure,
} from '../../../src/adapters/mailtrap/transport/retry-decision.ts';

function status(code: number, retryAfterMs: number | null = null): TryFailure {
  return { kind: 'status', status: code, retryAfterMs };
}

const NEVER_LEFT: TryFailure = { kind: 'unreachable', sent: false };
const BROKE_OFF: TryFailure = { kind: 'unreachable', sent: true };
const TIMEOUT: TryFailure = { kind: 'timeout' };

function decide(fields: Partial<FailedTry>) {
  return decideRetry({ method: 'GET', failure: TIMEOUT, tries: 1, triesMax: 4, random: 0.5, ...fields });
}

describe('decideRetry', () => {
  it.each<[string, TryFailure, string | null, string | null]>([
    ['429', status(429), 'rate-limited', 'rate-limited'],
    ['500', status(500), 'server-error', null],
    ['502', status(502), 'server-error', null],
    ['503', status(503), 'server-error', null],
    ['504', status(504), 'server-error', null],
    ['a connection never made', NEVER_LEFT, 'unreachable', 'unreachable'],
    ['a connection that broke', BROKE_OFF, 'unreachable', null],
    ['a time limit', TIMEOUT, 'timeout', null],
    ['302', status(302), null, null],
    ['400', status(400), null, null],
    ['401', status(401), null, null],
    ['403', status(403), null, null],
    ['404', status(404), null, null],
    ['422', status(422), null, null],
  ])('repeats after %s', (_, failure, read, write) => {
    expect(decide({ method: 'GET', failure })?.reason ?? null).toBe(read);
    expect(decide({ method: 'PUT', failure })?.reason ?? null).toBe(write);
  });

  it('ends with the last try', () => {
    expect(decide({ tries: 3 })).not.toBeNull();
    expect(decide({ tries: 4 })).toBeNull();
    expect(decide({ tries: 4, failure: status(429) })).toBeNull();
  });

  it.each([
    [1, 0, 0],
    [1, 1, 1_000],
    [2, 1, 2_000],
    [3, 0.5, 2_000],
    [5, 1, 10_000],
    [50, 1, 10_000],
  ])('after try %i waits anything up to a bound that doubles', (tries, random, waitMs) => {
    expect(decide({ tries, random, triesMax: 99 })?.waitMs).toBe(waitMs);
  });

  it.each([
    [status(429), 0, 10_000],
    [status(429), 1, 12_500],
    [status(429, 3_000), 0, 3_000],
    [status(429, 0), 0.5, 1_250],
    [status(429, 3_600_000), 0, 60_000],
    [status(503, 7_000), 1, 9_500],
  ] as const)('waits out the window or what the API asks for, a minute at most: %o', (failure, random, waitMs) => {
    expect(decide({ failure, random })?.waitMs).toBe(waitMs);
  });
});

describe('mayHaveActed', () => {
  it('is false only if the request was refused for the rate limit or never left', () => {
    const failures = [status(429), NEVER_LEFT, BROKE_OFF, TIMEOUT, status(401), status(422), status(500), status(302)];
    expect(failures.map(mayHaveActed)).toEqual([false, false, true, true, true, true, true, true]);
  });
});
