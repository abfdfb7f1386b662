import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailKey } from '../../src/core/domain/account/email.ts';
import { emailHash, type RememberedAccess } from '../../src/core/domain/account/remembered-access.ts';
import type { Plan } from '../../src/core/domain/plan/plan.ts';
import { NO_RESTRAINTS } from '../../src/core/domain/plan/restraints.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { PEOPLE } from '../support/arbitrary/policy.ts';
import { arbitraryWorld, type World } from '../support/arbitrary/world.ts';
import { holds, SEED } from './runs.ts';

/** Worlds in which somebody of the account is protected, and mostly the unlisted lose everything. */
const world = fc
  .tuple(fc.oneof(arbitraryWorld('messy'), arbitraryWorld('tame')), fc.nat(), fc.boolean())
  .map(([{ policy, actual, now }, which, revokes]): { readonly world: World; readonly email: string } => {
    const people = actual.accesses.flatMap(({ principal }) => (principal.kind === 'token' ? [] : [principal.email]));
    const email = emailKey(people[which % people.length] as string);
    const at = { file: policy.file, line: 2, column: 1, length: 1 };
    const takes = revokes && policy.mode !== 'additive';
    const unlisted = takes ? { ...policy.unlisted, revoke: 'everyone' as const } : policy.unlisted;
    return { world: { policy: { ...policy, unlisted, protected: [{ email, at }] }, actual, now }, email };
  });

function renamed({ actual, ...rest }: World, to: (email: string) => string): World {
  const accesses = actual.accesses.map((access) =>
    access.principal.kind === 'token'
      ? access
      : { ...access, principal: { ...access.principal, email: to(emailKey(access.principal.email)) } },
  );
  return { ...rest, actual: { ...actual, accesses } };
}

/** What grantd remembers after a whole read of this world. */
function memoryOf({ actual }: World): readonly RememberedAccess[] {
  return actual.accesses.map(({ access, principal }) => ({
    access,
    emailHash: principal.kind === 'token' ? null : emailHash(principal.email),
    rowsHash: '',
    wasAccountAdmin: false,
  }));
}

function planOf({ policy, actual, now }: World, remembered: readonly RememberedAccess[]): Plan {
  return makePlan(resolvePolicy(policy), actual, now, {
    ...NO_RESTRAINTS,
    remembered: new Map(remembered.map((one) => [one.access, one])),
  }).plan;
}

/** The accesses that may lose anything: at once, or once somebody approves it. */
function losers({ changes, held }: Plan): readonly number[] {
  const all = [...changes, ...held.flatMap((part) => part.changes)];
  return all.filter(({ before, after }) => after < before).map(({ access }) => access);
}

function accessesOf({ actual }: World, email: string): readonly number[] {
  return actual.accesses.flatMap(({ access, principal }) =>
    principal.kind !== 'token' && emailKey(principal.email) === email ? [access] : [],
  );
}

describe(`a protected person never loses anything (seed ${SEED})`, () => {
  it('where the accesses are remembered, under any rename of everybody in the account', () => {
    const names = fc.shuffledSubarray([...PEOPLE, 'new@x.test', 'other@x.test'], { minLength: PEOPLE.length });
    holds(fc.tuple(world, names), ([{ world: before, email }, drawn]) => {
      const known = [...new Set(before.actual.accesses.map(({ principal }) => nameOf(principal)))];
      const after = renamed(before, (old) => drawn[known.indexOf(old) % drawn.length] ?? old);
      const lost = losers(planOf(after, memoryOf(before)));
      for (const access of accessesOf(before, email)) expect(lost).not.toContain(access);
    });
  });

  it('where nothing is remembered, under an e-mail that the policy does not name', () => {
    holds(world, ({ world: before, email }) => {
      const after = renamed(before, (old) => (old === email ? 'new@nowhere.test' : old));
      const lost = losers(planOf(after, []));
      for (const access of accessesOf(before, email)) expect(lost).not.toContain(access);
    });
  });

  it('and a rename changes nothing of what a plan wants of anybody', () => {
    holds(world, ({ world: before, email }) => {
      const after = renamed(before, (old) => (old === email ? 'new@nowhere.test' : old));
      const [free, remembering] = [planOf(after, []), planOf(after, memoryOf(before))];
      expect(wanted(remembering)).toEqual(wanted(free));
    });
  });
});

function nameOf(principal: World['actual']['accesses'][number]['principal']): string {
  return principal.kind === 'token' ? '' : emailKey(principal.email);
}

function wanted({ changes, held, deferred }: Plan): readonly string[] {
  const all = [...changes, ...held.flatMap((part) => part.changes), ...deferred.map(({ change }) => change)];
  return all.map((one) => `${one.access} ${one.resource.label} ${one.before} ${one.after}`).sort();
}
