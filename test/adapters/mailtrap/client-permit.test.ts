import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from './support/failure-of.ts';
import { anySignal, newClient } from './support/new-client.ts';
import { json, type Reply, type ScriptedServer, silent, startScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;

afterEach(() => server.close());

const ROWS = [{ resource: { type: 'inbox', id: 1 }, level: 'viewer' }] as const;

/** A client that is past the check. */
async function confirmedClient(...replies: readonly Reply[]) {
  server = await startScriptedServer(replies);
  const { client, clock } = newClient(server.url);
  await client.confirmAccount(anySignal());
  return { client, clock };
}

/** Gives these answers one after the other, the last one again and again. */
function permit(...answers: readonly (number | null)[]) {
  let asked = 0;
  return {
    writeMs: () => {
      asked += 1;
      return answers[Math.min(asked, answers.length) - 1] ?? null;
    },
    get asked() {
      return asked;
    },
  };
}

describe('a write that needs a permit', () => {
  it('is not sent if it has none', async () => {
    const { client } = await confirmedClient(json(200, {}));
    const error = await failureOf(client.writeRows(1, ROWS, anySignal(), permit(null)));
    expect(error).toMatchObject({ code: 'lease-lost', mayHaveTakenEffect: false });
    expect(server.received).toHaveLength(0);
  });

  it('is sent if it has one', async () => {
    const { client } = await confirmedClient(json(200, {}));
    expect(await client.writeRows(1, ROWS, anySignal(), permit(5_000))).toMatchObject({ status: 200 });
    expect(server.received).toHaveLength(1);
  });

  it('is asked for again before each try', async () => {
    const { client } = await confirmedClient(json(429, {}), json(200, {}));
    const error = await failureOf(client.writeRows(1, ROWS, anySignal(), permit(5_000, 5_000, null)));
    expect(error).toMatchObject({ code: 'lease-lost', mayHaveTakenEffect: false });
    expect(server.received).toHaveLength(1);
  });

  it('is not sent if the permit ends while the connection is being made', async () => {
    const { client } = await confirmedClient(json(200, {}));
    const asked = permit(5_000, null);
    const error = await failureOf(client.writeRows(1, ROWS, anySignal(), asked));
    expect(error).toMatchObject({ code: 'lease-lost', mayHaveTakenEffect: false });
    expect(asked.asked).toBe(2);
    expect(server.received).toHaveLength(0);
    expect(await client.writeRows(1, ROWS, anySignal(), permit(5_000))).toMatchObject({ status: 200 });
    expect(server.received).toHaveLength(1);
  });

  it('is waited for no longer than the permit says', async () => {
    const { client } = await confirmedClient(silent);
    const error = await failureOf(client.writeRows(1, ROWS, anySignal(), permit(50)));
    expect(error).toMatchObject({ code: 'api-timeout', mayHaveTakenEffect: true });
    expect(error.message).toContain('50 ms');
  });

  it('leaves reads alone', async () => {
    const { client } = await confirmedClient(json(200, []));
    expect((await client.readAccesses(anySignal())).value).toEqual([]);
  });
});
