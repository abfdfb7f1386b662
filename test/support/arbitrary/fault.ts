import fc from 'fast-check';
import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import type { Fault, FaultEffect, FaultMatch } from '../../../src/simulator/fault.ts';
import { toWire } from '../wire-types.ts';
import type { World } from './world.ts';

const READS: readonly FaultMatch[] = [
  { method: 'GET', path: { regexp: 'account_accesses$' } },
  { method: 'GET', path: { regexp: 'permissions/resources$' } },
  { method: 'GET', path: { regexp: 'api_tokens$' } },
  { method: 'GET' },
];
const WRITES: readonly FaultMatch[] = [
  { method: 'PUT' },
  ...[100, 101, 110, 111, 112, 500].map((access) => ({ method: 'PUT', path: `account_accesses/${access}/` })),
];

/** One fault of the API, in the answers to reads or to writes. */
export function arbitraryFault(world: World): fc.Arbitrary<Fault> {
  const selection = fc.record({
    times: fc.constantFrom<(number | 'always')[]>(1, 1, 2, 4, 'always'),
    afterRequests: fc.constantFrom(0, 1, 1, 2, 3, 5),
  });
  const strike = fc.constantFrom('before' as const, 'after' as const);
  const ofWrites = fc.record({
    times: fc.constantFrom<(number | 'always')[]>(1, 1, 2, 'always'),
    afterRequests: fc.constantFrom(0, 0, 1, 2),
  });
  const either = fc.oneof(
    fc
      .record({ status: fc.constantFrom(400, 401, 403, 404, 422, 500, 502, 503), strike })
      .map((drawn): FaultEffect => ({ kind: 'status', ...drawn })),
    fc.constant<FaultEffect>({ kind: 'status', status: 429 }),
    fc
      .constantFrom('before' as const, 'after' as const, 'midway' as const)
      .map((when): FaultEffect => ({ kind: 'reset', strike: when })),
    fc
      .record({ write: arbitraryWrite(world), strike })
      .map((drawn): FaultEffect => ({ kind: 'second-writer', ...drawn })),
  );
  const read = fc.constantFrom<FaultEffect>(
    { kind: 'truncated' },
    { kind: 'html' },
    { kind: 'shape', shape: 'object' },
    { kind: 'shape', shape: 'null' },
    { kind: 'shape', shape: 'string-id' },
    { kind: 'emptied' },
    { kind: 'date', skewMs: 400_000 },
  );
  const write = fc.oneof(
    { weight: 4, arbitrary: fc.constant<FaultEffect>({ kind: 'ignored' }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 2 }).map((items): FaultEffect => ({ kind: 'partial', items })) },
    fc.integer({ min: 1, max: 4 }).map((reads): FaultEffect => ({ kind: 'stale', reads })),
    fc.constantFrom(500, 2_000, 20_000).map((ms): FaultEffect => ({ kind: 'stale', ms })),
    strike.map((when): FaultEffect => ({ kind: 'html', strike: when })),
  );
  return fc.oneof(
    fc
      .record({ match: fc.constantFrom(...READS), effect: fc.oneof(either, read), selection })
      .map(({ match, effect, selection: chosen }): Fault => ({ ...effect, ...chosen, match })),
    fc
      .record({
        match: fc.constantFrom(...WRITES),
        effect: fc.oneof(either, { weight: 2, arbitrary: write }),
        selection: ofWrites,
      })
      .map(({ match, effect, selection: chosen }): Fault => ({ ...effect, ...chosen, match })),
  );
}

/** What somebody else may do meanwhile, in the web UI say. */
function arbitraryWrite({ actual }: World): fc.Arbitrary<AccountWrite> {
  const who = fc.constantFrom(...actual.accesses.map(({ access }) => access), 500);
  const resource = fc.constantFrom(...actual.tree.nodes.map(({ type, id }) => ({ type: toWire(type), id })));
  return fc.oneof(
    fc
      .record({ who, resource, level: fc.constantFrom(10, 50, 100) })
      .map((drawn): AccountWrite => ({ act: 'set-row', who: drawn.who, ...drawn.resource, level: drawn.level })),
    fc
      .record({ who, resource })
      .map((drawn): AccountWrite => ({ act: 'remove-row', who: drawn.who, ...drawn.resource })),
    fc
      .constantFrom(...actual.accesses.map(({ access }) => access))
      .map((access): AccountWrite => ({ act: 'remove-member', who: access })),
  );
}
