import { describe, expect, it } from 'vitest';
import { bindPolicy } from '../../src/core/bind/bind-policy.ts';
import { principalNameText } from '../../src/core/domain/account/principal.ts';
import type { MemberEntitlement } from '../../src/core/domain/plan/bound-entitlement.ts';
import type { Subject } from '../../src/core/domain/plan/desired-state.ts';
import { findMember, grantPhase, untilFor } from '../../src/core/domain/policy/entitlement.ts';
import type { Policy } from '../../src/core/domain/policy/policy.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { arbitraryWorld } from '../support/arbitrary/world.ts';
import { holds, SEED } from './runs.ts';

const messy = arbitraryWorld('messy');

/** The same policy, in which every grant is written twice, and may share what it can. */
function doubled(policy: Policy): Policy {
  return { ...policy, grants: policy.grants.flatMap((grant) => [grant, { ...grant, to: [...grant.to] }]) };
}

const linesOf = (held: readonly MemberEntitlement[]) => held.map(({ bound }) => bound.entitlement.grant.line);

describe(`lists that grants share, over random worlds (seed ${SEED})`, () => {
  it('a grant among others reaches and gives what it would alone', () => {
    holds(messy, ({ policy }) => {
      const all = resolvePolicy(doubled(policy)).entitlements;
      for (const [index, grant] of policy.grants.entries()) {
        const [alone] = resolvePolicy({ ...policy, grants: [grant] }).entitlements;
        expect(all[2 * index]).toEqual(alone);
        expect(all[2 * index + 1]).toEqual(alone);
      }
    });
  });

  it('everybody has the grants that reach them at this moment, in the order of the policy', () => {
    holds(messy, ({ policy, actual, now }) => {
      const resolved = resolvePolicy(doubled(policy));
      const { subjects, absent, upcoming } = bindPolicy(resolved, actual, now);
      const linesAt = (name: Subject['name'], phase: string) =>
        resolved.entitlements.flatMap((entitlement) => {
          const member = findMember(entitlement, name);
          return member && grantPhase(entitlement, member, now) === phase ? [entitlement.grant.line] : [];
        });
      for (const { name, running, ended } of subjects) {
        if (running.length + ended.length === 0) continue;
        expect(linesOf(running)).toEqual(linesAt(name, 'running'));
        expect(linesOf(ended)).toEqual(linesAt(name, 'ended'));
        for (const { bound, until } of ended)
          expect(until).toEqual(untilFor(bound.entitlement, { end: findMember(bound.entitlement, name)?.end ?? null }));
      }
      for (const { name, grants } of [...absent, ...upcoming]) {
        const lines = ['running', 'ended', 'ahead'].flatMap((phase) => linesAt(name, phase));
        expect(
          grants.map(({ line }) => line),
          principalNameText(name),
        ).toEqual(lines);
      }
    });
  });

  it('grants with the same members and the same role share their lists', () => {
    holds(messy, ({ policy, actual, now }) => {
      const { entitlements } = resolvePolicy(doubled(policy));
      for (let index = 0; index < entitlements.length; index += 2)
        expect(entitlements[index]?.holders).toBe(entitlements[index + 1]?.holders);
      const { subjects } = bindPolicy(resolvePolicy(policy), actual, now);
      const byName = new Map<string, Subject>();
      for (const subject of subjects) {
        const text = principalNameText(subject.name);
        expect(subject.running).toBe((byName.get(text) ?? subject).running);
        byName.set(text, subject);
      }
    });
  });
});
