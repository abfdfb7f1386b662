import { afterEach, describe, expect, it } from 'vitest';
import type { GrantdError } from '../../../src/core/domain/text/error.ts';
import { anySignal, newClient } from './support/new-client.ts';
import {
  ACCOUNT,
  confirming,
  json,
  type Reply,
  type ScriptedServer,
  startScriptedServer,
  TOKEN,
  text,
} from './support/scripted-server.ts';

let server: ScriptedServer;

async function serverChecking(...checks: Reply[]): Promise<ScriptedServer> {
  server = await startScriptedServer([json(200, [])], checks);
  return server;
}

afterEach(() => server.close());

async function wrongAccount(running: Promise<unknown>): Promise<GrantdError> {
  const error = await running.then(
    () => null,
    (thrown: GrantdError) => thrown,
  );
  expect(error).toMatchObject({ code: 'wrong-account' });
  return error as GrantdError;
}

function account(id: number, ...access_levels: number[]) {
  return { id, name: `N${id}`, access_levels };
}

describe('confirmAccount', () => {
  it.each([
    ['admin', [account(ACCOUNT, 100)]],
    ['owner', [account(ACCOUNT, 1000)]],
    ['admin among other levels', [account(ACCOUNT, 10, 100)]],
    ['admin, with other accounts', [account(1, 10), account(ACCOUNT, 100)]],
  ])('lets a token pass that is %s', async (_, listed) => {
    const { url } = await serverChecking(json(200, listed));
    await expect(newClient(url).client.confirmAccount(anySignal())).resolves.toBeUndefined();
  });

  it.each([
    ['no account', [], 'Mailtrap lists no account for it'],
    ['another account', [account(4001, 100)], 'does not administer it: Mailtrap lists 4001 "N4001" (admin)'],
    ['a lower level', [account(ACCOUNT, 10)], `Mailtrap lists ${ACCOUNT} "N${ACCOUNT}" (viewer)`],
    ['a level that nobody documents', [account(ACCOUNT, 500)], '(level 500)'],
    ['no level', [account(ACCOUNT)], '(no level)'],
    ['many accounts', [1, 2, 3, 4, 5, 6, 7].map((id) => account(id, 100)), '5 "N5" (admin) and 2 more'],
  ])('refuses a token with %s, and says what it reaches; nothing else is sent', async (_, listed, message) => {
    const { url } = await serverChecking(json(200, listed));
    const { client } = newClient(url);
    const error = await wrongAccount(client.confirmAccount(anySignal()));
    expect(error.message).toContain(message);
    await wrongAccount(client.readResources(anySignal()));
    await wrongAccount(client.writeRows(1, [{ resource: { type: 'inbox', id: 1 }, level: 'viewer' }], anySignal()));
    expect(server.received).toHaveLength(0);
  });

  it('wants that account alone if the token implies it', async () => {
    const { url } = await serverChecking(json(200, [account(ACCOUNT, 100), account(1, 100)]));
    const error = await wrongAccount(newClient(url, { paths: 'token' }).client.confirmAccount(anySignal()));
    expect(error.message).toContain('reaches other accounts as well');
    await newClient(url, { paths: 'account' }).client.confirmAccount(anySignal());
  });

  it('shows a name of an account made safe', async () => {
    const name = `\u001b[31m${TOKEN}`;
    const { url } = await serverChecking(json(200, [{ id: 1, name, access_levels: [100] }]));
    const error = await wrongAccount(newClient(url).client.confirmAccount(anySignal()));
    expect(error.message).toContain('1 "\\u{1b}[31m[hidden]"');
  });

  it('asks once for a token, however many reads and callers there are', async () => {
    const { url } = await serverChecking(confirming);
    const { client } = newClient(url);
    await Promise.all([
      client.confirmAccount(anySignal()),
      client.readResources(anySignal()),
      client.readAccesses(anySignal()),
    ]);
    await client.confirmAccount(anySignal());
    expect(server.checks).toHaveLength(1);
  });

  it('asks again for a token that has rotated, and uses that one from then on', async () => {
    const { url } = await serverChecking(confirming);
    let token = 'first';
    const { client } = newClient(url, { token: () => token });
    await client.readResources(anySignal());
    token = 'second';
    await client.writeRows(1, [{ resource: { type: 'inbox', id: 1 }, level: 'viewer' }], anySignal());
    expect(server.checks.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  });

  it('asks again after a failure', async () => {
    const { url } = await serverChecking(json(401, { error: 'Incorrect API token' }), confirming);
    const { client } = newClient(url);
    await expect(client.confirmAccount(anySignal())).rejects.toMatchObject({ code: 'api-unauthorized' });
    await client.confirmAccount(anySignal());
    expect(server.checks).toHaveLength(2);
  });

  it('gives all who asked together the one failure', async () => {
    const { url } = await serverChecking(text(403, ''));
    const { client } = newClient(url);
    const ends = await Promise.allSettled([client.confirmAccount(anySignal()), client.confirmAccount(anySignal())]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(server.checks).toHaveLength(1);
  });

  it('lets one who is stopped stop alone, whether he asked or only waited', async () => {
    const { url } = await serverChecking((response, request) => {
      setTimeout(() => confirming(response, request), 100);
    });
    const { client } = newClient(url);
    const [asker, waiter] = [new AbortController(), new AbortController()];
    const asking = client.confirmAccount(asker.signal);
    const waiting = client.confirmAccount(waiter.signal);
    const other = client.confirmAccount(anySignal());
    waiter.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'stopped' });
    asker.abort();
    await expect(asking).rejects.toMatchObject({ code: 'stopped' });
    await expect(other).resolves.toBeUndefined();
  });

  it.each(['', 'two words', 'line\nbreak', 'umläut'])('never sends what cannot be a token: %j', async (token) => {
    const { url } = await serverChecking(confirming);
    const error = await newClient(url, { token: () => token })
      .client.confirmAccount(anySignal())
      .catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: 'api-unauthorized',
      mayHaveTakenEffect: false,
      request: { tries: 0, status: null },
    });
    expect(error.message).not.toContain(token || 'Bearer');
    expect(server.checks).toHaveLength(0);
  });
});
