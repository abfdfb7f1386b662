import type { ApprovedPart } from './plan.ts';
import type { BegunPart } from './restraints.ts';

/** What has begun once a plan with these approved parts is being written: those that had begun, and those that do now. */
export function begunParts(before: readonly BegunPart[], approved: readonly ApprovedPart[]): readonly BegunPart[] {
  const begun = new Map(before.map((part) => [begunKey(part), part]));
  for (const { digest, rules, changes, isBegun } of approved) {
    const [first] = changes;
    // What is left of a part is bound by the whole, which is known already.
    if (isBegun || first === undefined) continue;
    const part: BegunPart = {
      digest,
      rules,
      access: first.access,
      changes: changes.map(({ resource: { type, id }, before: had, after }) => ({
        resource: { type, id },
        before: had,
        after,
      })),
    };
    begun.set(begunKey(part), part);
  }
  return [...begun.values()];
}

function begunKey({ digest, access }: BegunPart): string {
  return `${digest} ${access}`;
}
