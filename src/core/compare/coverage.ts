import { type AccessLevel, LEVEL } from '../domain/account/access-level.ts';
import type { KnownLevel } from '../domain/answer/comparison.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { type Certainty, covers, coversCertainly, depthOf } from '../domain/policy/ref-cover.ts';
import { isPattern } from '../domain/policy/resource-ref.ts';
import type { Entry } from './entry.ts';

/** The entries of one principal in one policy, as far as they give something now, and whether that policy speaks about all. */
export interface Giving {
  readonly entries: ReadonlyMap<string, Entry>;
  /** True where patterns skip nothing, because the policy ignores no resource and manages all. */
  readonly isWhole: boolean;
}

export function speaksAboutAll({ manage, ignore }: Policy): boolean {
  return manage === null && ignore.resources.length === 0;
}

/**
 * The level that a principal has on what `target` means, as far as the texts tell, if each name in them fits exactly one
 * resource; and the highest that they do not rule out.
 */
export function knownLevel(target: Entry, { entries, isWhole }: Giving): KnownLevel {
  let level: AccessLevel = LEVEL.none;
  let perhaps: KnownLevel['perhaps'] = null;
  for (const entry of entries.values()) {
    const given = entry.course.now;
    if (given <= level) continue;
    const certainty = reaches(entry, target, isWhole);
    if (certainty === 'certain') level = given;
    else if (certainty === 'possible' && given > (perhaps?.level ?? LEVEL.none))
      perhaps = { level: given, by: entry.ref.text };
  }
  return { level, perhaps: perhaps !== null && perhaps.level > level ? perhaps : null };
}

/** The entries that surely reach what `target` means, whatever they give. */
export function surelyReaching(target: Entry, { entries, isWhole }: Giving): readonly Entry[] {
  return [...entries.values()].filter((entry) => reaches(entry, target, isWhole) === 'certain');
}

/** Whether what one entry gives reaches all that another means: surely, perhaps, or not at all. */
export function reaches(entry: Entry, target: Entry, isWhole: boolean): Certainty {
  if (entry.key === target.key) return 'certain';
  const [from, to] = [entry.ref.selector, target.ref.selector];
  const certainty = covers(from, to);
  if (certainty === 'never') return 'never';
  // Nothing documents that the account's row reaches these.
  if (from.type === 'account' && (to.type === 'billing' || to.type === 'campaigns')) return 'possible';
  const left = entry.except.filter(
    ({ selector }) => !target.except.some((one) => coversCertainly(one.selector, selector)),
  );
  const takesOut = left.some(({ selector }) => depthOf(selector) <= depthOf(from) && coversCertainly(selector, to));
  if (takesOut) return 'never';
  const isCut = left.some(({ selector }) => covers(selector, to) !== 'never');
  const maySkip = !isWhole && isPattern(from);
  return isCut || maySkip ? 'possible' : certainty;
}
