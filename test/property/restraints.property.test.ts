import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailKey } from '../../src/core/domain/account/email.ts';
import { emailHash } from '../../src/core/domain/account/remembered-access.ts';
import { isWithin } from '../../src/core/domain/account/resource-tree.ts';
import type { Change, Plan } from '../../src/core/domain/plan/plan.ts';
import { NO_RESTRAINTS, type Restraints } from '../../src/core/domain/plan/restraints.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { arbitraryWorld, type World } from '../support/arbitrary/world.ts';
import { keyOf } from '../support/oracle.ts';
import { holds, SEED } from './runs.ts';

/** In messy worlds little may be written at once; in tame ones raises and losses of one person stand side by side. */
const world = fc.oneof(arbitraryWorld('messy'), arbitraryWorld('tame'));

/** A world, and what may be remembered of it: any of its changes, and its token. */
const remembered = fc
  .tuple(world, fc.infiniteStream(fc.boolean()), fc.boolean(), fc.boolean(), fc.boolean())
  .map(([one, flips, fallback, proves, disproves]): { readonly one: World; readonly restraints: Restraints } => {
    const pair = [{ access: 500, tokenId: 55 }];
    const free = planOf(one, NO_RESTRAINTS);
    const contested = wanted(free).filter(() => flips.next().value);
    const approved = free.held.filter(() => flips.next().value);
    return {
      one,
      restraints: {
        ...NO_RESTRAINTS,
        provenPairs: proves ? pair : [],
        disprovenPairs: disproves ? pair : [],
        contested,
        knownEnds: null,
        fallback,
        pausedSince: null,
        remembered: new Map(
          one.actual.accesses.map(({ access }) => [
            access,
            {
              access,
              emailHash: emailHash(flips.next().value ? 'ann@x.test' : 'absent@x.test'),
              rowsHash: '',
              wasAccountAdmin: false,
            },
          ]),
        ),
        begun: approved.map(({ digest, rules, changes }) => ({
          digest,
          rules,
          access: changes[0]?.access ?? 0,
          changes,
        })),
        approvedByHand: approved.map(({ digest }) => digest),
        spent: [],
        staying: [],
        approver: null,
        applyFlags: [],
        writtenByApproval: [],
      },
    };
  });

function planOf({ policy, actual, now }: World, restraints: Restraints): Plan {
  return makePlan(resolvePolicy(policy), actual, now, restraints).plan;
}

function wanted({ changes, held, deferred }: Plan): readonly Change[] {
  return [...changes, ...held.flatMap((part) => part.changes), ...deferred.map(({ change }) => change)];
}

function texts(changes: readonly Change[]): readonly string[] {
  return changes.map((one) => `${one.access} ${keyOf(one.resource)} ${one.before} ${one.after}`).sort();
}

/** Whether memory knows every protected e-mail that nobody in the account has. */
function knowsUnmatched({ policy, actual }: World, known: ReadonlySet<string | null>): boolean {
  const present = new Set(
    actual.accesses.map(({ principal }) => ('email' in principal ? emailKey(principal.email) : '')),
  );
  return policy.protected.every(
    (name) => !('email' in name) || present.has(name.email) || known.has(emailHash(name.email)),
  );
}

describe(`whatever is remembered (seed ${SEED})`, () => {
  it('a plan wants the same', () => {
    holds(remembered, ({ one, restraints }) => {
      expect(texts(wanted(planOf(one, restraints)))).toEqual(texts(wanted(planOf(one, NO_RESTRAINTS))));
    });
  });

  it('nothing is written that would not be without it, save for tokens that it proves', () => {
    holds(remembered, ({ one, restraints }) => {
      const free = planOf(one, { ...NO_RESTRAINTS, provenPairs: restraints.provenPairs });
      // Where nobody has a protected e-mail and memory knows who had it, only that access waits, and not everybody who is unlisted.
      const known = new Set([...restraints.remembered.values()].map((had) => had.emailHash));
      const settled = free.deferred.filter(
        ({ reason }) => reason === 'protected-unmatched' && knowsUnmatched(one, known),
      );
      const waits = settled.map(({ change }) => change);
      const may = new Set(texts([...free.changes, ...waits, ...free.held.flatMap((part) => part.changes)]));
      for (const text of texts(planOf(one, restraints).changes)) expect(may).toContain(text);
    });
  });

  it('nothing is taken on or above or below a raise that waits', () => {
    holds(remembered, ({ one, restraints }) => {
      const plan = planOf(one, restraints);
      const { tree } = one.actual;
      const raises = plan.deferred.map(({ change }) => change).filter((change) => change.after > change.before);
      for (const loss of plan.changes.filter((change) => change.after < change.before)) {
        for (const raise of raises.filter((change) => change.access === loss.access)) {
          const [a, b] = [tree.find(loss.resource), tree.find(raise.resource)];
          expect(a && b && (isWithin(a, b) || isWithin(b, a)), `${keyOf(loss.resource)} ${keyOf(raise.resource)}`).toBe(
            false,
          );
        }
      }
    });
  });
});
