import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from './support/failure-of.ts';
import { anySignal, newClient } from './support/new-client.ts';
import { json, type Reply, type ScriptedServer, startScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

const PATH = '/api/accounts/3229/account_accesses';
const person = (id: number) => ({
  id,
  specifier_type: 'User',
  specifier: { id, email: `p${id}@example.com` },
  resources: [],
  permissions: { can_update: true },
});
const page = (ids: readonly number[], headers: Record<string, string> = {}) => json(200, ids.map(person), headers);

async function clientOf(...replies: readonly Reply[]) {
  server = await startScriptedServer(replies);
  return newClient(server.url).client;
}

async function read(...replies: readonly Reply[]): Promise<readonly number[]> {
  const { value } = await (await clientOf(...replies)).readAccesses(anySignal());
  return value.map(({ access }) => access);
}

async function refusal(...replies: readonly Reply[]) {
  const client = await clientOf(...replies);
  return failureOf(client.readAccesses(anySignal()));
}

describe('a list in pages', () => {
  it.each([
    ['a query alone', '<?cursor=a>; rel="next"'],
    ['a path', `<${PATH}?cursor=a>; rel=next`],
    ['several links', `<${PATH}?cursor=z>; rel="last"; title="a, b", <${PATH}?cursor=a>; title=x; rel="up next"`],
  ])('is one list if the next page is given by %s', async (_, link) => {
    expect(await read(page([1, 2], { link }), page([3]))).toEqual([1, 2, 3]);
    expect(server.received.map(({ path }) => path)).toEqual([PATH, `${PATH}?cursor=a`]);
  });

  it('goes on at the whole address of the server', async () => {
    const next: Reply = (response, request) =>
      page([1], { link: `<http://${request.headers.host}${PATH}?page=2>; rel="next"` })(response, request);
    expect(await read(next, page([2]))).toEqual([1, 2]);
  });

  it.each([
    [
      'another host',
      '<https://elsewhere.example/api?secret=1>; rel="next"',
      'goes on at https://elsewhere.example/api,',
    ],
    ['another path', '</api/other?page=2>; rel="next"', 'goes on at /api/other,'],
    ['no address', '<http://>; rel="next"', 'goes on at http://,'],
    ['what cannot be read', 'page 2; rel="next"', 'does not say where'],
    ['itself', '<?>; rel="next"', 'goes on in a circle'],
  ])('is no read if it goes on at %s', async (_, link, message) => {
    const error = await refusal(page([1], { link }));
    expect(error.code).toBe('api-malformed');
    expect(error.message).toContain(message);
    expect(server.received).toHaveLength(1);
  });

  it('is no read if only another header says that it goes on', async () => {
    expect((await refusal(page([1], { 'x-next-page': '2' }))).message).toContain('does not say where');
  });

  it.each(['x-total-count', 'x-total'])('is no read if it has less than %s says', async (name) => {
    const error = await refusal(page([1], { link: '<?page=2>; rel="next"', [name]: '3' }), page([2], { [name]: '2' }));
    expect(error.message).toContain('the list says that it has 3 entries, and 2 came');
  });

  it('is whole if it has as many as it says, or if the number means nothing', async () => {
    expect(await read(page([1], { 'x-total-count': '1', 'x-total': 'many' }))).toEqual([1]);
  });

  it('is no read if a person is on two pages', async () => {
    const error = await refusal(page([1], { link: '<?page=2>; rel="next"' }), page([1]));
    expect(error.message).toContain('account access 1 is listed twice');
  });

  it('is no read if a page is no list', async () => {
    const error = await refusal(page([1], { link: '<?page=2>; rel="next"' }), json(200, { data: [] }));
    expect(error.message).toContain('a page of it is no list');
  });

  it('ends after 100 pages', async () => {
    let asked = 0;
    const endless: Reply = (response, request) => {
      asked += 1;
      page([asked], { link: `<?page=${asked + 1}>; rel="next"` })(response, request);
    };
    expect((await refusal(endless)).message).toContain('the list has more than 100 pages');
    expect(asked).toBe(100);
  });
});
