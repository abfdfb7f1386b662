import type { PeopleAndResources } from '../../../src/core/domain/policy/policy.ts';
import type { RunRecord } from './run-record.ts';

/** Whoever the policy observes or ignores, by the e-mail that they had when it was sent, has no row in any PUT. */
export function expectLeftAlone({ policy, writes, foreign }: RunRecord): void {
  const renamed = new Set(foreign.flatMap((write) => (write.act === 'rename-member' ? [write.who] : [])));
  for (const { access, before } of writes) {
    const holder = before.get(access);
    if (holder === undefined || holder.kind === 'ApiToken' || renamed.has(access)) continue;
    for (const key of ['observe', 'ignore'] as const)
      if (lists(policy[key], holder.who)) throw new Error(`${holder.who} is listed by ${key} and written`);
  }
}

function lists({ people }: PeopleAndResources, email: string): boolean {
  return people.some(({ pattern: { text } }) => {
    const parts = text.split('*').map((part) => part.replace(/[^\w@-]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 'i').test(email);
  });
}
