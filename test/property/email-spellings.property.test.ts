import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailKey, emailName, toEmailPattern } from '../../src/core/domain/account/email.ts';
import type { Plan } from '../../src/core/domain/plan/plan.ts';
import { NO_RESTRAINTS } from '../../src/core/domain/plan/restraints.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { arbitraryWorld, type World } from '../support/arbitrary/world.ts';
import { RUNS, SEED } from './runs.ts';

/** Spellings of one domain, and what stands before the @ of everybody. */
const DOMAINS = ['\u00e4.test', '\u00c4.TEST', 'a\u0308.test', 'xn--4ca.test', 'XN--4CA.test', '\u00e4\u3002test'];
const LOCALS = [(name: string) => `${name}\u00e9`, (name: string) => `${name.toUpperCase()}e\u0301`];

function speller(draws: readonly number[]): (email: string) => string {
  let count = 0;
  const draw = <T>(all: readonly T[]): T => {
    count += 1;
    return all[(draws[count % draws.length] as number) % all.length] as T;
  };
  return (email) => `${draw(LOCALS)(email.split('@')[0] as string)}@${draw(DOMAINS)}`;
}

/** The same world, in which everybody is at a domain of many spellings. Each place draws one of them. */
function respelled({ policy, actual, now }: World, ofPolicy: readonly number[], ofAccount: readonly number[]): World {
  const [spell, spellAccount] = [speller(ofPolicy), speller(ofAccount)];
  const inPolicy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inPolicy);
    if (typeof value !== 'object' || value === null) return value;
    const mapped = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inPolicy(item)]));
    return 'email' in value ? { ...mapped, ...emailName(spell(String(value.email))) } : mapped;
  };
  const accesses = actual.accesses.map((access) =>
    access.principal.kind === 'token'
      ? access
      : { ...access, principal: { ...access.principal, email: spellAccount(access.principal.email) } },
  );
  const people = policy.ignore.people.map(({ at, pattern }) => ({
    at,
    pattern: { ...pattern, text: 'bob*@*', parts: ['bob', '@', ''] },
  }));
  const spelled = inPolicy(policy) as World['policy'];
  const { revoke, at: unlistedAt } = policy.unlisted;
  const unlisted = {
    revoke:
      typeof revoke === 'string'
        ? revoke
        : revoke.map(({ at }) => ({ at, pattern: toEmailPattern(spell('*b@x.test')) })),
    at: unlistedAt,
  };
  return {
    policy: { ...spelled, ignore: { ...spelled.ignore, people }, unlisted },
    actual: { ...actual, accesses },
    now,
  };
}

function planOf({ policy, actual, now }: World): Plan {
  return makePlan(resolvePolicy(policy), actual, now, NO_RESTRAINTS).plan;
}

/** A plan as JSON with one spelling of everybody. Sentences are left out, because they show what somebody wrote. */
function plain(plan: Plan): Readonly<Record<string, unknown>> {
  return JSON.parse(
    JSON.stringify(plan, (key, value) => {
      if (key === 'email') return emailKey(value).replace(/\u00e9@\u00e4\.test$/, '@x.test');
      return key === 'written' || key === 'message' ? undefined : value;
    }),
  );
}

/** Two accesses of one e-mail stand in the order of their spellings, and the digest of the plan keeps that order. */
function unordered({ digest: _, ...plan }: Readonly<Record<string, unknown>>): unknown {
  const sorted = (list: readonly unknown[]) => list.map((item) => JSON.stringify(item)).sort();
  return Object.fromEntries(
    Object.entries(plan).map(([key, value]) => [key, Array.isArray(value) ? sorted(value) : value]),
  );
}

describe(`the spelling of e-mails, over random worlds (seed ${SEED})`, () => {
  const draws = fc.array(fc.nat({ max: 1_000 }), { minLength: 7, maxLength: 29 });
  const settings = { numRuns: RUNS, seed: SEED };

  it('changes not a byte of a plan, whichever the policy uses', () => {
    fc.assert(
      fc.property(arbitraryWorld('messy'), draws, draws, draws, (world, one, other, account) => {
        const plan = planOf(respelled(world, one, account));
        expect(plain(planOf(respelled(world, other, account)))).toEqual(plain(plan));
      }),
      settings,
    );
  });

  it('changes nobody in a plan, whichever the account uses', () => {
    fc.assert(
      fc.property(arbitraryWorld('messy'), draws, draws, (world, policy, account) => {
        const plan = planOf(respelled(world, policy, account));
        expect(unordered(plain(plan))).toEqual(unordered(plain(planOf(world))));
      }),
      settings,
    );
  });
});
