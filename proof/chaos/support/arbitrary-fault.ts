import fc from 'fast-check';
import type { ResourceTree } from '../../../src/core/domain/account/resource-tree.ts';
import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import type { Fault, FaultBody, FaultEffect, FaultMatch } from '../../../src/simulator/fault.ts';
import { ACCOUNT } from '../../../test/support/arbitrary/policy.ts';
import { toWire } from '../../../test/support/wire-types.ts';

/** What a fault or a second writer of one world can be about. */
export interface Ground {
  readonly tree: ResourceTree;
  readonly accesses: readonly number[];
}

type Kind = Fault['kind'];
type Effects = { readonly [K in Kind]: fc.Arbitrary<Extract<FaultEffect, { readonly kind: K }>> };

const strike = fc.constantFrom('before' as const, 'after' as const);
const body = fc.constantFrom<FaultBody>(
  ...(['table', 'html', 'empty', 'account-forbidden', 'forbidden', 'plan', 'base', 'name', 'filters'] as const),
  { json: { error: [1, null, { deep: true }] } },
  { text: 'upstream connect error', type: 'text/plain' },
);
/** Real time, so they are short: what matters is that answers come late and in another order. */
const latencyMs = fc.constantFrom(1, 3, 10, 25);

/** Every kind of fault that the simulator has; a new one does not compile until it stands here. */
function effectsOf(ground: Ground): Effects {
  const named = ground.tree.nodes.filter(({ parent }) => parent !== null);
  const hidden = named.length > 0 ? named.map(({ type, id }) => ({ type: toWire(type), id })) : [{ type: 'x', id: 1 }];
  return {
    latency: latencyMs.map((ms) => ({ kind: 'latency', ms })),
    status: fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom(400, 401, 403, 404, 409, 413, 422, 429, 429, 500, 502, 503, 503, 504),
      body,
      retryAfter: fc.constantFrom(0, 1, 5, 'soon', 'Tue, 24 Nov 2026 12:30:00 GMT'),
      strike,
    }),
    reset: fc
      .constantFrom('before' as const, 'after' as const, 'midway' as const)
      .map((when) => ({ kind: 'reset', strike: when })),
    truncated: fc.constantFrom({ kind: 'truncated' as const }, { kind: 'truncated' as const, bytes: 1 }),
    html: strike.map((when) => ({ kind: 'html', strike: when })),
    shape: fc
      .constantFrom('object' as const, 'list' as const, 'null' as const, 'string-id' as const)
      .map((shape) => ({ kind: 'shape', shape })),
    stall: fc
      .record({ part: fc.constantFrom('headers' as const, 'body' as const), strike })
      .map((drawn) => ({ kind: 'stall', ...drawn })),
    stale: fc.oneof(
      fc.integer({ min: 1, max: 4 }).map((reads) => ({ kind: 'stale' as const, reads })),
      fc.constantFrom(500, 2_000, 20_000).map((ms) => ({ kind: 'stale' as const, ms })),
    ),
    ignored: fc.constant({ kind: 'ignored' }),
    partial: fc.integer({ min: 0, max: 2 }).map((items) => ({ kind: 'partial', items })),
    redirect: fc.constantFrom('https://example.com/', '/api/accounts').map((location) => ({
      kind: 'redirect',
      location,
    })),
    date: fc.constantFrom(-400_000, 400_000).map((skewMs) => ({ kind: 'date', skewMs })),
    // No `Content-Encoding`: bytes are unpacked by another thread, for which simulated time does not wait.
    header: fc.constantFrom(
      { kind: 'header' as const, name: 'Date', value: null },
      { kind: 'header' as const, name: 'Date', value: 'yesterday' },
      { kind: 'header' as const, name: 'Content-Type', value: 'text/html' },
      { kind: 'header' as const, name: 'X-Ratelimit-Remaining', value: '0' },
      { kind: 'header' as const, name: 'X-Request-Id', value: null },
      { kind: 'header' as const, name: 'Retry-After', value: '2' },
    ),
    hidden: fc.constantFrom(...hidden).map((resource) => ({ kind: 'hidden', ...resource })),
    emptied: fc.constant({ kind: 'emptied' }),
    'second-writer': fc.record({
      kind: fc.constant('second-writer' as const),
      write: arbitraryRowWrite(ground),
      strike,
    }),
  };
}

/** Kinds that only mean something on a write, or on a read; the others strike either. */
const ON_WRITES: readonly Kind[] = ['stale', 'ignored', 'partial'];
const ON_READS: readonly Kind[] = ['hidden', 'emptied'];
/** What strikes often enough by itself, or takes real time. */
const WEIGHTS: Partial<Readonly<Record<Kind, number>>> = {
  ignored: 6,
  'second-writer': 8,
  reset: 6,
  status: 12,
  stall: 1,
};

/** A fault of any kind, where it can do harm. */
export function arbitraryFault(ground: Ground): fc.Arbitrary<Fault> {
  const effects = Object.entries(effectsOf(ground)) as readonly (readonly [Kind, fc.Arbitrary<FaultEffect>])[];
  const matches: readonly FaultMatch[] = [
    { method: 'GET' },
    { method: 'GET', path: { regexp: 'account_accesses$' } },
    { method: 'GET', path: { regexp: 'permissions/resources$' } },
    { method: 'GET', path: { regexp: 'api_tokens$' } },
    { method: 'GET', path: { regexp: '/api/accounts$' } },
  ];
  const writes: readonly FaultMatch[] = [
    { method: 'PUT' },
    { method: 'PUT' },
    ...ground.accesses.map((access) => ({ method: 'PUT', path: `account_accesses/${access}/` })),
  ];
  const targetOf = (kind: Kind) => {
    if (ON_READS.includes(kind)) return fc.constantFrom(...matches);
    const write = fc.constantFrom(...writes);
    return ON_WRITES.includes(kind) ? write : fc.oneof(write, fc.constantFrom(...matches));
  };
  const times = (kind: Kind) =>
    kind === 'stall' ? fc.constant(1) : fc.constantFrom<(number | 'always')[]>(1, 1, 2, 4, 'always');
  return fc.oneof(
    ...effects.map(([kind, effect]) => ({
      weight: WEIGHTS[kind] ?? 3,
      arbitrary: fc
        .record({
          effect,
          match: targetOf(kind),
          times: times(kind),
          probability: fc.constantFrom(1, 1, 1, 0.5),
          afterRequests: fc.constantFrom(0, 0, 0, 1, 1, 2, 3),
        })
        .map(
          ({ effect: drawn, ...selection }): Fault => ({
            ...drawn,
            ...selection,
            match: whereItHarms(drawn, selection.match),
          }),
        ),
    })),
  );
}

/** A list that is made a list is whole, and so is an object that is made an object. */
function whereItHarms(effect: FaultEffect, match: FaultMatch): FaultMatch {
  if (effect.kind !== 'shape' || effect.shape === 'null' || effect.shape === 'string-id') return match;
  if (effect.shape === 'list') return { method: 'PUT' };
  return match.method === 'PUT' ? { method: 'GET' } : match;
}

/** Somebody else changes what one access holds. */
export function arbitraryRowWrite({ tree, accesses }: Ground): fc.Arbitrary<AccountWrite> {
  const who = fc.constantFrom(...accesses, 500);
  const resource = fc.constantFrom(...tree.nodes.map(({ type, id }) => ({ type: toWire(type), id })));
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .record({ who, resource, level: fc.constantFrom(10, 100, 50, 10, 100) })
        .map((drawn): AccountWrite => ({ act: 'set-row', who: drawn.who, ...drawn.resource, level: drawn.level })),
    },
    {
      weight: 3,
      arbitrary: fc
        .record({ who, resource })
        .map((drawn): AccountWrite => ({ act: 'remove-row', who: drawn.who, ...drawn.resource })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...accesses).map((access): AccountWrite => ({ act: 'remove-member', who: access })),
    },
  );
}

/** Somebody else changes who or what there is; only between runs, since no check could tell what a run then saw. */
export function arbitraryUpheaval({ tree, accesses }: Ground): fc.Arbitrary<AccountWrite> {
  const nodes = tree.nodes.filter(({ parent }) => parent !== null).map(({ type, id }) => ({ type: toWire(type), id }));
  const resource = fc.constantFrom(...(nodes.length > 0 ? nodes : [{ type: 'project', id: 1 }]));
  const email = fc.constantFrom('ann@x.test', 'bob@x.test', 'new@x.test', 'absent@x.test', 'Eve@x.test');
  const level = fc.constantFrom(10, 100, 50);
  return fc.oneof(
    fc.constantFrom(...accesses).map((who): AccountWrite => ({ act: 'accept-invite', who })),
    fc.record({ email, level, kind: fc.constantFrom('user' as const, 'invite' as const) }).map(
      (drawn): AccountWrite => ({
        act: 'add-member',
        email: drawn.email,
        kind: drawn.kind,
        rows: [{ type: 'account', id: ACCOUNT, level: drawn.level }],
      }),
    ),
    fc
      .record({ resource, name: fc.constantFrom('A', 'B', 'p11', 'Renamed') })
      .map((drawn): AccountWrite => ({ act: 'rename-resource', ...drawn.resource, name: drawn.name })),
    fc
      .record({ id: fc.integer({ min: 700, max: 702 }), name: fc.constantFrom('A', 'p12', 'New') })
      .map((drawn): AccountWrite => ({ act: 'add-resource', type: 'project', ...drawn })),
    resource.map((drawn): AccountWrite => ({ act: 'remove-resource', ...drawn })),
  );
}
