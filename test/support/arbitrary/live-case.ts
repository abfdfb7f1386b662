import fc from 'fast-check';
import {
  buildResourceTree,
  isTreeFault,
  type ListedResource,
  type ResourceNode,
} from '../../../src/core/domain/account/resource-tree.ts';
import { NO_RESTRAINTS } from '../../../src/core/domain/plan/restraints.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { makePlan } from '../../../src/run/reconcile/make-plan.ts';
import type { Fault } from '../../../src/simulator/fault.ts';
import { arbitraryFault } from './fault.ts';
import { ACCOUNT, type Temper } from './policy.ts';
import { crowded, forbidding, limited, tightLimits } from './variants.ts';
import { arbitraryWorld, type World } from './world.ts';

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
