import { describe, expect, it } from 'vitest';
import {
  isLimitReached,
  requestIdOf,
  retryAfterOf,
  serverTimeOf,
} from '../../../src/adapters/mailtrap/transport/answer-headers.ts';
import { toBaseUrl } from '../../../src/adapters/mailtrap/transport/base-url.ts';
import { wasSent } from '../../../src/adapters/mailtrap/transport/was-sent.ts';
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

describe('wasSent', () => {
  function fault(code: string, syscall?: string): Error {
    return Object.assign(new Error(code), syscall === undefined ? { code } : { code, syscall });
  }
  function fetchFailed(cause: unknown): Error {
    return new TypeError('fetch failed', { cause });
  }

  it.each<[string, unknown, boolean]>([
    ['a refused connection', fetchFailed(fault('ECONNREFUSED', 'connect')), false],
    ['a host without an address', fetchFailed(fault('ENOTFOUND', 'getaddrinfo')), false],
    ['a DNS that fails', fetchFailed(fault('EAI_AGAIN', 'getaddrinfo')), false],
    ['a connection that takes too long', fetchFailed(fault('UND_ERR_CONNECT_TIMEOUT')), false],
    ['no route', fetchFailed(fault('EHOSTUNREACH', 'connect')), false],
    ['a certificate that is not trusted', fetchFailed(fault('DEPTH_ZERO_SELF_SIGNED_CERT')), false],
    ['a certificate of another host', fetchFailed(fault('ERR_TLS_CERT_ALTNAME_INVALID')), false],
    [
      'every address refused',
      fetchFailed(new AggregateError([fault('ECONNREFUSED', 'connect'), fault('ECONNREFUSED', 'connect')])),
      false,
    ],
    [
      'one address broken',
      fetchFailed(new AggregateError([fault('ECONNREFUSED', 'connect'), fault('ECONNRESET', 'read')])),
      true,
    ],
    ['a reset', fetchFailed(fault('ECONNRESET', 'read')), true],
    ['no route in the middle', fetchFailed(fault('EHOSTUNREACH', 'read')), true],
    ['a closed socket', fetchFailed(fault('UND_ERR_SOCKET')), true],
    ['an alert of the other side', fetchFailed(fault('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')), true],
    ['an error without a cause', new TypeError('fetch failed'), true],
    ['what is no error', 'oops', true],
    ['no errors at all', fetchFailed(new AggregateError([])), true],
  ])('of %s', (_, error, sent) => {
    expect(wasSent(error)).toBe(sent);
  });
});
