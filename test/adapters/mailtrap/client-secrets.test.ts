import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createMailtrapClient } from '../../../src/adapters/mailtrap/client.ts';
import { rootText, toSafeCause } from '../../../src/adapters/mailtrap/wire/safe-text.ts';
import { anySignal, newClient } from './support/new-client.ts';
import {
  json,
  type Reply,
  reset,
  type ScriptedServer,
  startScriptedServer,
  TOKEN,
  text,
} from './support/scripted-server.ts';

const OTHER_SECRET = 'deadbeefdeadbeefdeadbeefdeadbeef';
const SECRETS = new RegExp(`${TOKEN}|${OTHER_SECRET}|c0ffee00c0|deadbeefde`);

let server: ScriptedServer;

afterEach(() => server.close());

/** Everything that could be printed of a value, its causes and hidden fields included. */
function everythingOf(value: unknown): string {
  const fields = value instanceof Error ? JSON.stringify({ ...value, message: value.message }) : JSON.stringify(value);
  return `${inspect(value, { depth: 20, showHidden: true, getters: true })} ${fields} ${String(value)}`;
}

const echo = { authorization: `Bearer ${TOKEN}`, 'x-request-id': `r-${TOKEN}` };

/** Answers that say the caller's token, or someone else's, back. */
const LEAKS: readonly [string, Reply][] = [
  ['an error that repeats the token', json(401, { error: `Incorrect API token ${TOKEN}` }, echo)],
  ['an error with another secret', json(422, { errors: { [OTHER_SECRET]: [`token ${OTHER_SECRET}`] } }, echo)],
  ['a proxy’s page', text(502, `<html><body>${'x'.repeat(100)} Authorization: Bearer ${TOKEN}</body></html>`, echo)],
  ['a redirect', text(302, '', { location: `https://x.example/${TOKEN}/in?token=${TOKEN}`, ...echo })],
  ['a list that is cut off', text(200, `[{"specifier":{"token":"${OTHER_SECRET}`, echo)],
  [
    'a list that does not fit',
    json(200, [{ id: 1, specifier_type: OTHER_SECRET, specifier: { token: OTHER_SECRET } }]),
  ],
  ['a text', json(200, `${TOKEN} ${OTHER_SECRET}`)],
  ['a page with 200', text(200, `<html>${TOKEN} ${OTHER_SECRET}</html>`)],
  ['a reset', reset],
  ['a header that is too large', text(200, '[]', { 'x-echo': TOKEN.repeat(1000) })],
];

describe('no secret', () => {
  it.each(LEAKS)('is in an error or an event, whatever comes: %s', async (_, reply) => {
    server = await startScriptedServer([reply]);
    const { client, events } = newClient(server.url);
    const rows = [{ resource: { type: 'inbox', id: 1 }, level: 'viewer' }] as const;
    const ends = await Promise.allSettled([
      client.readAccesses(anySignal()),
      client.readApiTokens(anySignal()),
      client.readResources(anySignal()),
      client.writeRows(1, rows, anySignal()),
    ]);
    expect(ends.some(({ status }) => status === 'rejected')).toBe(true);
    for (const end of ends)
      expect(everythingOf(end.status === 'rejected' ? end.reason : end.value)).not.toMatch(SECRETS);
    expect(everythingOf(events)).not.toMatch(SECRETS);
  });

  it('is in what is read', async () => {
    const token = (id: number, secret: string) => ({
      id,
      specifier_type: 'ApiToken',
      specifier: { id, name: 'ci', token: secret },
      resources: [],
      permissions: {},
    });
    server = await startScriptedServer([json(200, [token(1, TOKEN), token(2, OTHER_SECRET)])]);
    const { client } = newClient(server.url);
    const { value } = await client.readAccesses(anySignal());
    expect(value.map(({ isOwnToken }) => isOwnToken)).toEqual([true, false]);
    expect(everythingOf(value)).not.toMatch(SECRETS);
  });

  it('is in the client itself', async () => {
    server = await startScriptedServer([json(200, [])]);
    const { client } = newClient(server.url);
    await client.readAccesses(anySignal());
    expect(everythingOf(client)).not.toMatch(SECRETS);
  });

  it('is in an error about the address or the proxy', async () => {
    server = await startScriptedServer([]);
    const { limiter, clock } = {
      limiter: { enter: () => Promise.reject(), pause: () => {} },
      clock: { now: () => 0, sleep: async () => {} },
    };
    const base = { account: 1, token: () => TOKEN, limiter, clock, random: () => 0, version: '0' };
    const urls = [
      `https://${TOKEN}@mailtrap.io`,
      `http://mailtrap.io/${TOKEN}`,
      `nonsense ${TOKEN}`,
      `https://mailtrap.io?${TOKEN}`,
    ];
    for (const apiUrl of urls) {
      expect(errorOf(() => createMailtrapClient({ ...base, apiUrl }))).not.toMatch(SECRETS);
    }
    const environment = { https_proxy: `ftp://${OTHER_SECRET}@nowhere` };
    expect(errorOf(() => createMailtrapClient({ ...base, environment }))).not.toMatch(SECRETS);
  });
});

describe('the copy of a platform error', () => {
  it('keeps names, codes and safe messages, and nothing else', () => {
    const deepest = Object.assign(new Error(`bad header: Bearer ${TOKEN}`), {
      code: 'EBAD',
      headers: { token: TOKEN },
    });
    const copy = toSafeCause(new TypeError('fetch failed', { cause: new AggregateError([deepest], TOKEN) }), [TOKEN]);
    expect(everythingOf(copy)).not.toMatch(SECRETS);
    expect(copy && rootText(copy)).toBe('EBAD: bad header: Bearer [hidden]');
  });

  it('ends if the causes go round in circles', () => {
    const error = new Error('round');
    error.cause = error;
    expect(toSafeCause(error, [])?.message).toBe('round');
  });

  it('is nothing for what is no error', () => {
    expect(toSafeCause(TOKEN, [TOKEN])).toBeUndefined();
  });

  it('speaks for itself without a message', () => {
    const copy = toSafeCause(Object.assign(new Error(''), { name: 'AbortError' }), []);
    expect(copy && rootText(copy)).toBe('AbortError');
  });
});

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return everythingOf(error);
  }
  throw new Error('it did not fail');
}
