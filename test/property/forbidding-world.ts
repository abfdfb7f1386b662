import { toNamePattern } from '../../src/core/domain/policy/name-pattern.ts';
import type { Policy } from '../../src/core/domain/policy/policy.ts';
import { ACCOUNT, type World } from './arbitrary-world.ts';

/** The same world, where nobody with an e-mail may ever be admin of something that one of its grants gives as admin. */
export function forbidding(world: World, pick: number): World {
  const resources = world.policy.grants.flatMap(({ gives }) => ('resources' in gives ? gives.resources : []));
  const granted = resources.filter(({ level }) => level === 'admin')[pick % Math.max(1, resources.length)];
  if (granted === undefined) return world;
  const who = { kind: 'emails' as const, pattern: toNamePattern('*@*') };
  const rule = { who, whoText: '*@*', resource: granted.resource, level: 'admin' as const, at: granted.resource.at };
  return { ...world, policy: { ...world.policy, never: [...world.policy.never, rule] } };
}

/** What `never` goes by: to it a row on the account covers everything, campaigns too. */
export function forNever(level: number, rows: ReadonlyMap<string, number>): number {
  return Math.max(level, rows.get(`account#${ACCOUNT}`) ?? 0);
}

/** Whether a `never` rule of these worlds is about somebody. */
export function isForbidden({ whoText }: Policy['never'][number], email: string): boolean {
  return whoText === '*@*' || whoText === email.toLowerCase();
}
