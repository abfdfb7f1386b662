import { principalNameText } from '../domain/account/principal.ts';
import { errorAt, type Problem, warningAt } from '../domain/text/problem.ts';
import { finderOf } from './reach.ts';
import type { PolicyDraft } from './read-policy.ts';

/** A grant that ends before it begins gives nothing, to people who would then be named by it. */
export function checkDateOrder({ policy }: PolicyDraft): readonly Problem[] {
  return policy.grants.flatMap(({ from, until, at }) => {
    if (!from || !until || until.at > from.at) return [];
    const message = `this grant ends (until ${until.text}) before it begins (from ${from.text})`;
    return [errorAt(at, 'until-before-from', message, 'correct one of the two dates')];
  });
}

/** Who is protected is never taken anything away, so an end is without effect on them. */
export function checkUntilOnProtected({ policy }: PolicyDraft): readonly Problem[] {
  const exempt = new Set(policy.protected.map(principalNameText));
  const findProtected = finderOf(policy.groups, (name) => exempt.has(principalNameText(name)));
  return policy.grants.flatMap(({ to, until, at }) => {
    const found = until && findProtected(to);
    if (!found) return [];
    const message = `${principalNameText(found)} is protected, so \`until\` takes nothing away from them`;
    return [
      warningAt(at, 'until-on-protected', message, 'delete `until`, or name the protected in a grant of their own'),
    ];
  });
}

/** Additive mode takes nothing away, so no end has an effect. */
export function checkEndsInAdditive({ policy }: PolicyDraft): readonly Problem[] {
  if (policy.mode !== 'additive') return [];
  const remedy = 'what ended is only listed; use mode authoritative to have it taken away';
  return [
    ...policy.grants
      .filter(({ until }) => until !== null)
      .map(({ at }) => warningAt(at, 'ends-in-additive', '`until` takes nothing away in mode additive', remedy)),
    ...policy.ends.map(({ at }) =>
      warningAt(at, 'ends-in-additive', '`ends` takes nothing away in mode additive', remedy),
    ),
  ];
}
