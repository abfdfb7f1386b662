import type { PrincipalName } from '../../../src/core/domain/account/principal.ts';
import type { MemberRef, Policy } from '../../../src/core/domain/policy/policy.ts';
import type { World } from '../../../test/support/arbitrary/world.ts';
import { everybody, reaches } from '../../../test/support/oracle.ts';

const DAY_MS = 86_400_000;

/** Since when every accepted text has set each end, counted apart from grantd. */
export class KnownEnds {
  #since: ReadonlyMap<string, number> = new Map();

  accepted(policy: Policy, now: number): void {
    const before = this.#since;
    this.#since = new Map(endsOf(policy).map((key) => [key, before.get(key) ?? now]));
  }

  /**
   * Whether what somebody lost may be lost by an end that every accepted text has set for 24 hours before it, which counts towards
   * no limit. Also what a grant only kept, because a name in it is nowhere, is lost when it ends: so any such end of theirs will do.
   */
  mayBeLossBy({ policy, actual, now }: World, access: number): boolean {
    const name = everybody(actual).find((one) => one.access === access)?.name;
    if (name === undefined) return false;
    const isKnown = (end: { readonly at: number } | null) =>
      end !== null && end.at <= now && (this.#since.get(keyOf(name, end.at)) ?? now) <= end.at - DAY_MS;
    if ('email' in name && policy.ends.some(({ email, end }) => email === name.email && isKnown(end))) return true;
    return policy.grants.some(({ to, until }) => isKnown(until) && reaches(to, name, policy));
  }
}

/** Whose ends of a text have come within the 24 hours before: grantd may count them, whatever they held. */
export function endedLately(policy: Policy, now: number): readonly string[] {
  return endsOf(policy).flatMap((key) => {
    const [, name, at] = /^(.*) (\d+)$/s.exec(key) ?? [];
    return name !== undefined && Number(at) <= now && Number(at) > now - DAY_MS ? [name] : [];
  });
}

function endsOf(policy: Policy): readonly string[] {
  const members = (refs: readonly MemberRef[]): readonly PrincipalName[] =>
    refs.flatMap(({ member }) =>
      'group' in member ? members(policy.groups.find(({ name }) => name === member.group)?.members ?? []) : [member],
    );
  const ofPeople = policy.ends.map(({ email, end }) => keyOf({ email }, end.at));
  return [
    ...ofPeople,
    ...policy.grants.flatMap(({ to, until }) => (until ? members(to).map((one) => keyOf(one, until.at)) : [])),
  ];
}

function keyOf(name: PrincipalName, at: number): string {
  return `${JSON.stringify(name)} ${at}`;
}
