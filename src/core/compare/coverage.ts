import { type AccessLevel, LEVEL } from '../domain/account/access-level.ts';
import type { KnownLevel } from '../domain/answer/comparison.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { type Certainty, covers, coversCertainly, depthOf } from '../domain/policy/ref-cover.ts';
import { isPattern } from '../domain/policy/resource-ref.ts';
import type { Entry } from './entry.ts';

/** The entries of one principal in one policy that give something now, and whether the policy covers all resources. */
export interface Giving {
  readonly entries: ReadonlyMap<string, Entry>;
  /** True if patterns skip nothing, because the policy ignores no resource and manages all. */
  readonly isWhole: boolean;
}

/** Whether a policy covers all resources: it manages everything and ignores none. */
export function coversAllResources({ manage, ignore }: Policy): boolean {
  return manage === null && ignore.resources.length === 0;
}

/**
 * The level of a principal on the resource of `target`, as far as the texts prove it if each name matches exactly one
 * resource, and the highest level that they do not rule out.
 */
export function knownLevel(target: Entry, { entries, isWhole }: Giving): KnownLevel {
  let level: AccessLevel = LEVEL.none;
  let perhaps: KnownLevel['perhaps'] = null;
  for (const entry of entries.values()) {
    const given = entry.timeline.now;
    if (given <= level) continue;
    const certainty = reaches(entry, target, isWhole);
    if (certainty === 'certain') level = given;
    else if (certainty === 'possible' && given > (perhaps?.level ?? LEVEL.none))
      perhaps = { level: given, by: entry.ref.text };
  }
  return { level, perhaps: perhaps !== null && perhaps.level > level ? perhaps : null };
}

/** The entries that certainly reach the resource of `target`, at any level. */
export function certainlyReaching(target: Entry, { entries, isWhole }: Giving): readonly Entry[] {
  return [...entries.values()].filter((entry) => reaches(entry, target, isWhole) === 'certain');
}

/** Whether one entry reaches everything that another one means: certainly, possibly, or never. */
export function reaches(entry: Entry, target: Entry, isWhole: boolean): Certainty {
  if (entry.key === target.key) return 'certain';
  const [from, to] = [entry.ref.selector, target.ref.selector];
  const certainty = covers(from, to);
  if (certainty === 'never') return 'never';
  // Mailtrap does not document that the account's row reaches these.
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
