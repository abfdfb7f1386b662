import { describe, expect, it } from 'vitest';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { agreedPlan } from '../../../src/run/reconcile/agreed-plan.ts';
import type { Fault } from '../../../src/simulator/fault.ts';
import type { AccessSeed } from '../../../src/simulator/seed.ts';
import { liveAccount } from '../../support/live-account.ts';
import { ACCOUNT } from '../../support/small-seed.ts';

const accesses: readonly AccessSeed[] = [
  { access: 101, kind: 'user', email: 'ann@example.com', rows: [{ type: 'project', id: 2, level: 100 }] },
  { access: 102, kind: 'user', email: 'bob@example.com' },
];
const grants = [{ to: ['ann@example.com', 'bob@example.com'], resource: 'project:Web' }];
const LIST = { method: 'GET', path: /account_accesses$/ };
const TREE = { method: 'GET', path: /permissions\/resources$/ };

async function codeOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return 'no error';
  } catch (error) {
    return error instanceof GrantdError ? error.code : String(error);
  }
}

describe('after a doubtful read nothing is written, and the error says why', () => {
  const always = { times: 'always' } as const;
  const table: readonly (readonly [name: string, fault: Fault, code: string])[] = [
    ['the list is empty', { kind: 'emptied', match: LIST, ...always }, 'empty-read'],
    ['the tree is empty', { kind: 'emptied', match: TREE, ...always }, 'empty-read'],
    ['the list is an object', { kind: 'shape', shape: 'object', match: LIST, ...always }, 'api-malformed'],
    ['the tree is null', { kind: 'shape', shape: 'null', match: TREE, ...always }, 'api-malformed'],
    ['ids are strings', { kind: 'shape', shape: 'string-id', match: LIST, ...always }, 'api-malformed'],
    ['the JSON is cut off', { kind: 'truncated', match: LIST, ...always }, 'api-malformed'],
    ['a page comes with 200', { kind: 'html', match: TREE, ...always }, 'api-malformed'],
    ['the connection breaks each time', { kind: 'reset', match: LIST, ...always }, 'api-unreachable'],
    ['400 with an empty body', { kind: 'status', status: 400, match: LIST, ...always }, 'api-rejected'],
    ['401', { kind: 'status', status: 401, match: LIST, ...always }, 'api-unauthorized'],
    ['403', { kind: 'status', status: 403, match: LIST, ...always }, 'api-forbidden'],
    ['403 of a free plan', { kind: 'status', status: 403, body: 'plan', match: LIST, ...always }, 'api-forbidden'],
    ['404', { kind: 'status', status: 404, match: TREE, ...always }, 'api-not-found'],
    ['422', { kind: 'status', status: 422, match: TREE, ...always }, 'api-rejected'],
    ['429 each time', { kind: 'status', status: 429, match: LIST, ...always }, 'api-rate-limited'],
    ['500 each time', { kind: 'status', status: 500, match: LIST, ...always }, 'api-server-error'],
    [
      '502 with a page each time',
      { kind: 'status', status: 502, body: 'html', match: TREE, ...always },
      'api-server-error',
    ],
    ['a redirect', { kind: 'redirect', location: 'https://evil.example/', match: LIST, ...always }, 'api-redirect'],
    ['the clock is 6 minutes off', { kind: 'date', skewMs: 360_000, match: LIST, ...always }, 'clock-skew'],
    ['the clock is 6 minutes behind', { kind: 'date', skewMs: -360_000, match: TREE, ...always }, 'clock-skew'],
  ];

  it.each(table)('%s', async (_name, fault, code) => {
    const live = await liveAccount({ accesses });
    live.simulator.inject(fault);
    expect(await codeOf(live.run({ grants }))).toBe(code);
    expect(live.puts()).toEqual([]);
  });

  it('an answer that stalls ends at the time limit', async () => {
    const live = await liveAccount({ accesses }, { client: { requestTimeoutMs: 500, triesMax: 2 } });
    live.simulator.inject({ kind: 'stall', part: 'body', match: LIST, ...always });
    expect(await codeOf(live.run({ grants }))).toBe('api-timeout');
    expect(live.puts()).toEqual([]);
  });

  it('a passing fault of a read is tried again, and the run goes on', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'status', status: 503, match: LIST });
    live.simulator.inject({ kind: 'reset', match: TREE });
    expect((await live.run({ grants })).kind).toBe('written');
  });

  it('an answer without a date leaves the clock to the others', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'header', name: 'Date', value: null, match: TREE, times: 'always' });
    expect((await live.preview({ grants })).clockAheadMs).toBe(0);
    expect((await live.run({ grants })).kind).toBe('written');
  });

  it('a preview of a skewed clock shows the plan, and says so', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({ kind: 'date', skewMs: -360_000, match: LIST, ...always });
    const { plan } = await live.preview({ grants });
    expect(plan.changes).toHaveLength(3);
    expect(plan.notices[0]).toMatchObject({ code: 'clock-skew', message: expect.stringContaining('ahead of') });
  });

  it('a token of another account, or below admin of it, reads nothing', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.replaceState({
      account: { id: 77, name: 'Other' },
      tokens: [{ name: 'grantd', secret: 'simulator-admin-token', rows: [{ type: 'account', id: 77, level: 100 }] }],
    });
    expect(await codeOf(live.run({ grants }))).toBe('wrong-account');
    live.simulator.replaceState({
      account: { id: ACCOUNT, name: 'Example' },
      tokens: [
        { name: 'grantd', secret: 'simulator-admin-token', rows: [{ type: 'account', id: ACCOUNT, level: 10 }] },
      ],
    });
    expect(await codeOf(live.run({ grants }))).toBe('wrong-account');
    expect(live.calls()).toEqual([]);
  });

  it('an account in which nothing may be updated fails the run', async () => {
    const live = await liveAccount({
      accesses: accesses.map((access) => ({ ...access, permissions: { can_update: false } })),
    });
    expect(await codeOf(live.run({ grants }))).toBe('nothing-writable');
  });

  it('a resource that is listed twice fails the run', async () => {
    const twice = { type: 'project', id: 1, name: 'Web' };
    const live = await liveAccount({ accesses });
    live.simulator.inject({
      kind: 'status',
      status: 200,
      body: {
        json: [
          { ...twice, access_level: 100, resources: [] },
          { ...twice, access_level: 100, resources: [] },
        ],
      },
      match: TREE,
      ...always,
    });
    expect(await codeOf(live.run({ grants }))).toBe('api-malformed');
  });

  it('a tree of another account fails the run', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({
      kind: 'status',
      status: 200,
      body: { json: [{ id: 8, type: 'account', name: 'Account', access_level: 100, resources: [] }] },
      match: TREE,
      ...always,
    });
    expect(await codeOf(live.run({ grants }))).toBe('wrong-account');
  });

  it('a tree that shows the account below admin fails the run', async () => {
    const live = await liveAccount({ accesses });
    live.simulator.inject({
      kind: 'status',
      status: 200,
      body: { json: [{ id: ACCOUNT, type: 'account', name: 'Account', access_level: 10, resources: [] }] },
      match: TREE,
      ...always,
    });
    expect(await codeOf(live.run({ grants }))).toBe('nothing-writable');
  });
});

describe('a run that may not write does not', () => {
  it('held by a guard', async () => {
    const live = await liveAccount({ accesses });
    const result = await live.run({
      grants,
      limits: { revokes: { principals: 0, percent: 0 }, newAdmins: 0 },
      mode: 'authoritative',
    });
    expect(result.kind).toBe('written');
    const held = await live.run({
      grants: [{ to: ['ann@example.com', 'bob@example.com'], resource: 'project:#999' }],
      limits: { revokes: { principals: 1, percent: 100 } },
    });
    expect([held.kind, held.kind === 'not-written' && held.plan.verdict]).toEqual(['not-written', 'held']);
    expect(live.puts()).toHaveLength(2);
  });

  it.each([
    ['paused', { paused: true }],
    ['observed', { mode: 'observe' as const }],
  ])('%s', async (verdict, policy) => {
    const live = await liveAccount({ accesses });
    const result = await live.run({ grants, ...policy });
    expect([result.kind, result.kind === 'not-written' && result.plan.verdict]).toEqual(['not-written', verdict]);
    expect(live.puts()).toEqual([]);
  });

  it('the plan is not the agreed one', async () => {
    const live = await liveAccount({ accesses });
    const agreed = agreedPlan((await live.preview({ grants })).plan);
    live.simulator.writeAsSomebodyElse({ act: 'set-row', who: 102, type: 'project', id: 1, level: 10 });
    expect((await live.run({ grants }, { agreed })).kind).toBe('stale');
    expect(live.puts()).toEqual([]);
  });

  it('the plan is the agreed one, though the policy moved by some lines', async () => {
    const live = await liveAccount({ accesses });
    const agreed = agreedPlan((await live.preview({ grants })).plan);
    const moved = grants.map((grant) => ({ ...grant, line: 90, reason: 'OPS-9' }));
    expect((await live.run({ grants: moved, file: 'elsewhere/policy.yaml' }, { agreed })).kind).toBe('written');
  });

  it('asked to stop before the first PUT, it begins none', async () => {
    const live = await liveAccount({ accesses });
    const result = await live.run({ grants }, { stop: AbortSignal.abort() });
    expect(result.kind === 'written' && result.outcomes.map((one) => one.outcome)).toEqual([
      'not-tried',
      'not-tried',
      'not-tried',
    ]);
    expect(live.puts()).toEqual([]);
  });

  it('asked to stop in the middle, it ends what it began and begins no more', async () => {
    const live = await liveAccount({ accesses });
    const stop = new AbortController();
    const onEvent = ({ kind }: { readonly kind: string }) => kind === 'batch-ended' && stop.abort();
    const result = await live.run({ grants }, { stop: stop.signal, concurrency: 1, onEvent });
    expect(result.kind === 'written' && result.outcomes.map((one) => one.outcome)).toEqual([
      'applied',
      'applied',
      'not-tried',
    ]);
    expect(live.puts()).toHaveLength(1);
  });

  it('cut off, it fails as stopped', async () => {
    const live = await liveAccount({ accesses });
    expect(await codeOf(live.run({ grants }, { abort: AbortSignal.abort() }))).toBe('stopped');
  });
});
