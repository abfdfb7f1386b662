import { LEVEL, levelName } from '../../core/domain/account/access-level.ts';
import type {
  AccessShift,
  ComparedResource,
  ComparedStatus,
  KnownLevel,
  LevelTimeline,
  SilentReason,
  StatusOutcome,
} from '../../core/domain/answer/comparison.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { counted } from '../../core/domain/text/text.ts';
import { grantText, whyLines } from '../words/phrase.ts';

/** How many grants the text shows for one shift; JSON has all of them. */
const CAUSES_MOST = 4;

/** How a policy names someone, in words. */
export const STANDING_WORDS: Readonly<Record<ComparedStatus, string>> = {
  named: 'named',
  upcoming: 'upcoming',
  'not-in-policy': 'not in the policy',
  ignored: 'ignored',
};

const OUTCOME_WORDS: Readonly<Record<StatusOutcome, string>> = {
  'made-equal': 'from now on they get exactly what the policy says, and lose anything else',
  'added-to': 'from now on they get what the policy says; grantd removes nothing',
  observed: 'from now on grantd plans what they would gain and lose, and writes none of it: `observe` lists them',
  keeps: 'left alone from now on: they keep all their access',
  loses:
    'they lose all access that the policy manages: no grant that has begun names them, and `unlisted` revokes their access',
};

/** Why a difference of the texts changes no access now, in words. */
export const SILENT_WORDS: Readonly<Record<SilentReason, string>> = {
  'other-words': 'another grant gives the same access, if each name matches exactly one resource',
  additive: 'mode additive removes nothing',
  protected: 'the new policy protects them: grantd removes nothing',
  ignored: 'the new policy ignores it: grantd writes nothing',
  observed: 'the new policy observes it: grantd plans it, and writes nothing',
  'outside-manage': 'the new policy does not manage it: grantd writes nothing',
  shielded: 'a grant that begins within 30 days gives it: they keep it until then',
  'without-effect': 'changes nothing for them in this account today',
  absent: 'not in this account: takes effect on the day they join it',
};

/** What happens to the access of someone whom the new policy names in this way. */
export function outcomeWords(after: ComparedStatus, outcome: StatusOutcome): string {
  if (after !== 'upcoming') return OUTCOME_WORDS[outcome];
  return outcome === 'keeps'
    ? 'left alone until then: they keep all their access'
    : 'until then they lose all access that the policy manages, except what a grant gives them within 30 days';
}

/** `project:Mobile * except project:Mobile Legacy`. */
export function resourceWords({ label, except }: ComparedResource): string {
  return except.length === 0 ? label : `${label} except ${except.join(', ')}`;
}

/** `none → viewer, perhaps admin by project:#4001`. */
export function shiftWords({ before, after }: Pick<AccessShift, 'before' | 'after'>): string {
  return `${knownWords(before)} → ${knownWords(after)}`;
}

function knownWords({ level, perhaps }: KnownLevel): string {
  const more = perhaps === null ? '' : `, perhaps ${levelName(perhaps.level)} by ${perhaps.by}`;
  return `${levelName(level)}${more}`;
}

/** `admin until 2027-01-01T00:00:00Z`, `viewer from 2026-12-01T00:00:00Z`, `none`. */
export function courseWords({ now, steps }: LevelTimeline): string {
  const later = steps.map(({ at, level }) =>
    level === LEVEL.none ? `until ${instantText(at)}` : `${levelName(level)} from ${instantText(at)}`,
  );
  const first = now === LEVEL.none && later.length > 0 ? [] : [levelName(now)];
  return [...first, ...later].join(' ');
}

/** Why someone gains or loses access: the grants of the old policy that gave it, then those of the new one. */
export function shiftLines({ before, after, was, now, resource }: AccessShift): readonly string[] {
  const isGain = after.level > before.level;
  const old = was.map((cause) => `was ${cause.level}: ${grantText({ ...cause, until: null }, resource.label)}`);
  return [...capped(old), ...capped(whyLines(now, isGain ? 'gain' : 'loss', resource.label))];
}

/** How many resources below this one change in the same way and have no row of their own. */
export function belowWords({ below }: AccessShift): readonly string[] {
  return below > 0 ? [`and ${counted(below, 'resource')} below it`] : [];
}

function capped(lines: readonly string[]): readonly string[] {
  const hidden = lines.length - CAUSES_MOST;
  return hidden > 0 ? [...lines.slice(0, CAUSES_MOST), `and ${counted(hidden, 'further grant')}`] : lines;
}
