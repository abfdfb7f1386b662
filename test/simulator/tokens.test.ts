import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { simulate } from '../support/simulate.ts';
import { item, type Reply, send } from './account.ts';

const CI_ENTRY = 2496915;
const NO_PERMISSIONS = { errors: { base: ['No permissions selected. Please choose at least one.'] } };

async function in2026(): Promise<Simulator> {
  return simulate({ now: () => Date.parse('2026-01-01T00:00:00Z') });
}

function reset(simulator: Simulator, id: number, body?: unknown): Promise<Reply> {
  return send(simulator, `POST /api/accounts/3229/api_tokens/${id}/reset`, body === undefined ? {} : { body });
}

describe('a new token', () => {
  it.each([
    ['with an empty list', { name: 'x', resources: [] }],
    ['without a list', { name: 'x' }],
    ['and without a name, which is not looked at', { resources: [] }],
  ])('without permissions is refused: %s', async (_name, body) => {
    const simulator = await simulate();
    const before = simulator.state();
    const { status, json } = await send(simulator, 'POST /api/accounts/3229/api_tokens', { body });
    expect([status, json]).toEqual([422, NO_PERMISSIONS]);
    expect(simulator.state()).toEqual(before);
  });
});

describe.each([
  ['a new token', (simulator: Simulator, rest: object) => create(simulator, rest)],
  ['the token after a reset', (simulator: Simulator, rest: object) => reset(simulator, CI_ENTRY, rest)],
] as const)('%s', (_name, call) => {
  it.each([
    [{}, '2027-01-01T00:00:00Z'],
    [{ expires_at: null }, null],
    [{ expires_at: '2026-06-01T02:00:00+02:00' }, '2026-06-01T00:00:00Z'],
    [{ expires_at: '2030-12-31T00:00:00Z' }, '2030-12-31T00:00:00Z'],
  ])('ends as %j says', async (rest, expected) => {
    const { status, json } = await call(await in2026(), rest);
    expect([status, json]).toEqual([200, expect.objectContaining({ expires_at: expected })]);
  });

  it.each([
    ['2025-12-31T23:59:59Z', 'Expiration date must be in the future'],
    ['2026-01-01T00:00:00Z', 'Expiration date must be in the future'],
    ['2031-01-01T00:00:00Z', 'Expiration date must be within 5 years'],
    ['soon', 'Expiration date is invalid'],
    [7, 'Expiration date is invalid'],
  ])('cannot end at %j', async (expires_at, message) => {
    const simulator = await in2026();
    const before = simulator.state();
    const { status, json } = await call(simulator, { expires_at });
    expect([status, json]).toEqual([422, { errors: { base: [message] } }]);
    expect(simulator.state()).toEqual(before);
  });
});

describe('a reset', () => {
  it('is refused for a token that was reset before, and not for the token that it made', async () => {
    const simulator = await in2026();
    const first = await reset(simulator, CI_ENTRY);
    const before = simulator.state();
    expect(await reset(simulator, CI_ENTRY)).toMatchObject({
      status: 422,
      json: { errors: { base: [expect.any(String)] } },
    });
    expect(simulator.state()).toEqual(before);
    expect(await reset(simulator, (first.json as { id: number }).id)).toMatchObject({ status: 200 });
  });

  it('is refused for a token that has expired', async () => {
    const simulator = await in2026();
    const { json } = await create(simulator, { expires_at: '2026-01-02T00:00:00Z' });
    simulator.advanceClock(24 * 3_600_000);
    expect(await reset(simulator, (json as { id: number }).id)).toMatchObject({ status: 422 });
  });

  it('leaves the old token twelve hours, or less if it ends sooner', async () => {
    const simulator = await in2026();
    const { json } = await create(simulator, { expires_at: '2026-01-01T03:00:00Z' });
    const soon = (json as { id: number }).id;
    for (const id of [CI_ENTRY, soon]) expect(await reset(simulator, id)).toMatchObject({ status: 200 });
    const ends = simulator.state().accesses.filter(({ id }) => id === CI_ENTRY || id === soon);
    expect(ends.map(({ expiresAt }) => expiresAt)).toEqual(['2026-01-01T12:00:00Z', '2026-01-01T03:00:00Z']);
  });

  it('takes no body that is no object', async () => {
    const simulator = await in2026();
    for (const text of ['[]', '{']) {
      const call = `POST /api/api_tokens/${CI_ENTRY}/reset`;
      expect(await send(simulator, call, { text })).toMatchObject({ status: 400, text: '' });
    }
  });
});

function create(simulator: Simulator, rest: object): Promise<Reply> {
  const body = { name: 'x', resources: [item('inbox', 3809, { access_level: 100 })], ...rest };
  return send(simulator, 'POST /api/accounts/3229/api_tokens', { body });
}
