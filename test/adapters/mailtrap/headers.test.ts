import { describe, expect, it } from 'vitest';
import {
  isLimitReached,
  requestIdOf,
  retryAfterOf,
  serverTimeOf,
} from '../../../src/adapters/mailtrap/transport/answer-headers.ts';
import { toBaseUrl } from '../../../src/adapters/mailtrap/transport/base-url.ts';
import { TOKEN } from './support/scripted-server.ts';

const NOON = Date.UTC(2026, 10, 24, 12);

describe('the headers of an answer', () => {
  it.each([
    ['Tue, 24 Nov 2026 12:00:00 GMT', NOON],
    ['2026', null],
    ['yesterday', null],
    ['Tue, 99 Nov 2026 12:00:00 GMT', null],
  ])('tell the time of the server: %s', (date, at) => {
    expect(serverTimeOf(new Headers({ date }))).toBe(at);
    expect(serverTimeOf(new Headers())).toBeNull();
  });

  it.each<[Record<string, string>, number | null]>([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Tue, 24 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'Tue, 24 Nov 2026 13:00:05 GMT', date: 'Tue, 24 Nov 2026 13:00:00 GMT' }, 5_000],
    [{ 'retry-after': '-1' }, null],
    [{ 'retry-after': '1.5' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{}, null],
  ])('tell how long to wait: %o', (headers, waitMs) => {
    expect(retryAfterOf(new Headers(headers), NOON)).toBe(waitMs);
  });

  it('tell when the limit is reached', () => {
    expect(['0', ' 0', '1', ''].map((left) => isLimitReached(new Headers({ 'x-ratelimit-remaining': left })))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(isLimitReached(new Headers())).toBe(false);
  });

  it.each([
    ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001'],
    [`id-${TOKEN}`, 'id-[hidden]'],
    ['', null],
  ])('name the request: %s', (value, id) => {
    expect(requestIdOf(new Headers({ 'x-request-id': value }), [TOKEN])).toBe(id);
  });
});

describe('toBaseUrl', () => {
  it.each([
    'https://mailtrap.io',
    'https://gateway.example/mailtrap/',
    'http://127.0.0.1:8080',
    'http://127.9.9.9',
    'http://localhost:1',
    'http://[::1]:1',
  ])('lets %s pass', (text) => {
    expect(toBaseUrl(text).href).toContain(text);
  });

  it.each([
    ['mailtrap.io', 'not a URL'],
    ['http://mailtrap.io', 'must be https'],
    ['http://127.0.0.1.example.com', 'must be https'],
    ['http://localhost.example.com', 'must be https'],
    ['ftp://localhost', 'must be https'],
    ['https://user:pass@mailtrap.io', 'no credentials'],
    ['https://mailtrap.io?a=1', 'no query'],
    ['https://mailtrap.io#a', 'no query'],
  ])('refuses %s, and does not repeat it', (text, message) => {
    expect(() => toBaseUrl(text)).toThrow(TypeError);
    expect(() => toBaseUrl(text)).toThrow(message);
    expect(() => toBaseUrl(text)).not.toThrow('pass');
  });
});
