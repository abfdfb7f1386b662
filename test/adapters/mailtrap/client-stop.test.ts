import { afterEach, describe, expect, it } from 'vitest';
import { createLimiter } from '../../../src/adapters/mailtrap/transport/limiter.ts';
import type { Clock } from '../../../src/core/domain/run/ports.ts';
import { FakeStillClock } from './support/clocks.ts';
import { failureOf } from './support/failure-of.ts';
import { anySignal, newClient } from './support/new-client.ts';
import { json, type Reply, type ScriptedServer, silent, startScriptedServer, text } from './support/scripted-server.ts';

let server: ScriptedServer;

afterEach(() => server.close());

const ROWS = [{ resource: { type: 'inbox', id: 1 }, level: 'viewer' }] as const;

/** A client that is past the check, over a clock that stands still. */
async function confirmedClient(replies: readonly Reply[], clock: Clock = new FakeStillClock()) {
  server = await startScriptedServer(replies);
  const limiter = createLimiter({ clock });
  const { client, events } = newClient(server.url, { clock, limiter });
  await client.confirmAccount(anySignal());
  return { client, limiter, events };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a request that is cancelled', () => {
  it('before it begins: nothing is sent', async () => {
    const { client } = await confirmedClient([json(200, {})]);
    const error = await failureOf(client.writeRows(1, ROWS, AbortSignal.abort()));
    expect(error).toMatchObject({ code: 'stopped', mayHaveTakenEffect: false });
    expect(server.received).toHaveLength(0);
  });

  it('while it is on its way: a write may have taken effect, a read has none', async () => {
    const { client } = await confirmedClient([silent]);
    const stopping = new AbortController();
    const ends = [client.writeRows(1, ROWS, stopping.signal), client.readAccesses(stopping.signal)].map(failureOf);
    await until(() => server.received.length === 2);
    stopping.abort();
    const errors = await Promise.all(ends);
    expect(errors.map(({ code, mayHaveTakenEffect }) => [code, mayHaveTakenEffect])).toEqual([
      ['stopped', true],
      ['stopped', false],
    ]);
    expect(server.received).toHaveLength(2);
  });

  it('while its body is read', async () => {
    const { client } = await confirmedClient([
      (response) => {
        response.writeHead(200).write('[');
      },
    ]);
    const stopping = new AbortController();
    const end = failureOf(client.readAccesses(stopping.signal));
    await until(() => server.received.length === 1);
    setTimeout(() => stopping.abort(), 30);
    expect(await end).toMatchObject({ code: 'stopped' });
  });

  it('while it waits to be sent again: what was refused had no effect', async () => {
    const { client, events } = await confirmedClient([text(429, '')]);
    const stopping = new AbortController();
    const end = failureOf(client.writeRows(1, ROWS, stopping.signal));
    await until(() => events.length === 2);
    stopping.abort();
    expect(await end).toMatchObject({ code: 'stopped', mayHaveTakenEffect: false, request: { tries: 1 } });
  });

  it('while it waits for the rate limit', async () => {
    const { client, limiter } = await confirmedClient([json(200, {})]);
    limiter.pause(10_000);
    const stopping = new AbortController();
    const end = failureOf(client.writeRows(1, ROWS, stopping.signal));
    setTimeout(() => stopping.abort(), 20);
    expect(await end).toMatchObject({ code: 'stopped', mayHaveTakenEffect: false, request: { tries: 0 } });
    expect(server.received).toHaveLength(0);
  });

  it('leaves no listener behind on a signal that lives on', async () => {
    const { client } = await confirmedClient([json(200, [])]);
    const { signal } = new AbortController();
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    let listeners = 0;
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    for (let index = 0; index < 20; index += 1) await client.readAccesses(signal);
    expect(listeners).toBe(0);
  });
});

describe('a request that has ended', () => {
  it('leaves no timer behind, which would keep a command from ending', async () => {
    const { client } = await confirmedClient([json(200, [])]);
    for (let index = 0; index < 50; index += 1) await client.readAccesses(anySignal());
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length).toBeLessThan(25);
  });
});

describe('a queue that is full', () => {
  it('turns a request away unsent', async () => {
    server = await startScriptedServer([silent]);
    const clock = new FakeStillClock();
    const { client } = newClient(server.url, {
      clock,
      limiter: createLimiter({ clock, requestsMax: 1, waitingMax: 0 }),
    });
    const error = await failureOf(client.confirmAccount(anySignal()));
    expect(error).toMatchObject({ code: 'api-rate-limited', mayHaveTakenEffect: false, request: { tries: 0 } });
  });
});
