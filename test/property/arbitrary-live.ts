import fc from 'fast-check';
import {
  buildResourceTree,
  isTreeFault,
  type ListedResource,
  type ResourceNode,
} from '../../src/core/domain/account/resource-tree.ts';
import { NO_RESTRAINTS } from '../../src/core/domain/plan/restraints.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import type { AccountWrite } from '../../src/simulator/account-write.ts';
import type { Fault, FaultEffect, FaultMatch } from '../../src/simulator/fault.ts';
import { ACCOUNT, arbitraryWorld, type Temper, type World } from './arbitrary-world.ts';
import { crowded } from './crowded-world.ts';
import { forbidding } from './forbidding-world.ts';
import { toWire } from './live-world.ts';

/** A world as a simulator can hold it, and how the run goes about it. */
export interface LiveCase {
  readonly world: World;
  /** Whether the list of accesses shows the declared token, which proves its pair of ids. */
  readonly isTokenListed: boolean;
  readonly rowsPerPut: number;
  readonly concurrency: number;
  /** Digests that are approved for the run, besides those of the policy. */
  readonly approvedByHand: readonly string[];
}

export interface FaultyCase extends LiveCase {
  readonly faults: readonly Fault[];
}

/** A run that is asked to stop, or is cut off, after so many events. */
export interface CutCase extends FaultyCase {
  readonly cut: { readonly by: 'stop' | 'abort'; readonly afterEvents: number };
}

export function arbitraryCase(temper: Temper): fc.Arbitrary<LiveCase> {
  return fc
    .record({
      world: fc
        .record({ world: arbitraryWorld(temper), admins: fc.integer({ min: 1, max: 3 }) })
        .chain(({ world, admins }) => crowded(expressible(world, admins))),
      isTokenListed: fc.boolean(),
      rowsPerPut: fc.constantFrom(100, 1, 1, 2),
      concurrency: fc.constantFrom(4, 1),
      limits: temper === 'tame' ? fc.constant(null) : fc.option(tightLimits, { nil: null, freq: 2 }),
      forbids: temper === 'tame' ? fc.constant(null) : fc.option(fc.nat(), { nil: null, freq: 2 }),
      flips: fc.array(fc.constantFrom<'no' | 'policy' | 'hand'>('no', 'policy', 'hand'), {
        minLength: 4,
        maxLength: 8,
      }),
    })
    .map(({ limits, forbids, flips, ...live }) => {
      const world = limits ? limited(live.world, limits) : live.world;
      return partlyApproved(forbids === null ? world : forbidding(world, forbids), live, flips);
    });
}

/** Few may lose anything or become account admin, so that most plans are held in part. */
const tightLimits = fc.record({
  principals: fc.integer({ min: 0, max: 3 }),
  newAdmins: fc.integer({ min: 0, max: 1 }),
});

function limited(world: World, { principals, newAdmins }: { readonly principals: number; readonly newAdmins: number }) {
  const { policy } = world;
  const revokes = { principals, percent: 100 };
  return { ...world, policy: { ...policy, limits: { ...policy.limits, revokes, newAdmins } } };
}

/** Approves some of the parts that are held, and some of those that are held by other rules since. */
function partlyApproved(
  world: World,
  live: Omit<LiveCase, 'approvedByHand' | 'world'>,
  flips: readonly ('no' | 'policy' | 'hand')[],
): LiveCase {
  const { policy, actual, now } = world;
  const approved = { policy: new Set<string>(), hand: new Set<string>() };
  for (let turn = 0; turn < 2; turn += 1) {
    const approvedByHand = [...approved.policy, ...approved.hand];
    const { held } = makePlan(resolvePolicy(policy), actual, now, { ...NO_RESTRAINTS, approvedByHand }).plan;
    for (const [index, { digest }] of held.entries()) {
      const flip = flips[(index + turn) % flips.length] ?? 'no';
      if (flip !== 'no') approved[flip].add(digest);
    }
  }
  const until = { at: now + 86_400_000, text: 'tomorrow' };
  const at = { file: 'policy.yaml', line: 90, column: 1, length: 1 };
  const approvals = [{ digests: [...approved.policy], until, at }];
  return { ...live, world: { ...world, policy: { ...policy, approvals } }, approvedByHand: [...approved.hand] };
}

/** A case in which there is something to write. */
function arbitraryBusyCase(): fc.Arbitrary<LiveCase> {
  return arbitraryCase('messy').filter(({ world: { policy, actual, now }, approvedByHand }) => {
    const restraints = { ...NO_RESTRAINTS, approvedByHand };
    return makePlan(resolvePolicy(policy), actual, now, restraints).plan.verdict === 'allowed';
  });
}

export function arbitraryFaultyCase(): fc.Arbitrary<FaultyCase> {
  return arbitraryBusyCase().chain((live) =>
    fc.array(arbitraryFault(live.world), { minLength: 1, maxLength: 5 }).map((faults) => ({ ...live, faults })),
  );
}

export function arbitraryCutCase(): fc.Arbitrary<CutCase> {
  const cut = fc.record({ by: fc.constantFrom('stop', 'abort'), afterEvents: fc.integer({ min: 1, max: 8 }) });
  return arbitraryBusyCase().chain((live) =>
    fc
      .record({ faults: fc.array(arbitraryFault(live.world), { maxLength: 2 }), cut })
      // One at a time, so that nothing is under way when the run is cut off.
      .map((drawn) => ({ ...live, concurrency: 1, ...drawn })),
  );
}

/** The same world, with a token that administers everything: the simulator lets the account's row reach all of it. */
function expressible(world: World, admins: number): World {
  const { tree } = world.actual;
  const listed = (node: ResourceNode): ListedResource => ({
    type: node.type,
    id: node.id,
    name: node.name,
    tokenLevel: 100,
    children: tree.childrenOf(node).map(listed),
  });
  const root = listed(tree.root);
  const full = buildResourceTree(ACCOUNT, tree.root.shown ? [root] : root.children);
  if (isTreeFault(full)) throw new Error('raising the levels of a tree broke it');
  const { limits } = world.policy;
  return {
    ...world,
    policy: { ...world.policy, limits: { ...limits, admins } },
    actual: { ...world.actual, tree: full },
  };
}

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

function arbitraryFault(world: World): fc.Arbitrary<Fault> {
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
