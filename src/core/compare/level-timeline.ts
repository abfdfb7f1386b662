import { type AccessLevel, type GrantLevel, LEVEL } from '../domain/account/access-level.ts';
import type { LevelStep, LevelTimeline } from '../domain/answer/comparison.ts';
import type { Instant } from '../domain/text/instant.ts';

/** A level from one moment up to, but not including, another. Infinite where no date is written. */
export interface LevelSpan {
  readonly from: Instant;
  readonly until: Instant;
  readonly level: GrantLevel;
}

/** No access, now and later. */
export const NO_TIMELINE: LevelTimeline = { now: LEVEL.none, steps: [] };

/** The highest level of all spans over time, from `now` on. Spans that meet or overlap count as one. */
export function timelineOf(spans: readonly LevelSpan[], now: Instant): LevelTimeline {
  const edges = spans
    .filter(({ from, until }) => from < until && until > now)
    .flatMap(({ from, until, level }) => [
      { at: Math.max(from, now), level, by: 1 },
      { at: until, level, by: -1 },
    ])
    .filter(({ at }) => at !== Number.POSITIVE_INFINITY)
    .sort((a, b) => a.at - b.at);
  const open = { viewer: 0, admin: 0 };
  const timeline: { now: AccessLevel; steps: LevelStep[] } = { now: LEVEL.none, steps: [] };
  let last: AccessLevel = LEVEL.none;
  for (const [index, { at, level, by }] of edges.entries()) {
    open[level] += by;
    const reached = open.admin > 0 ? LEVEL.admin : open.viewer > 0 ? LEVEL.viewer : LEVEL.none;
    if (edges[index + 1]?.at === at || reached === last) continue;
    if (at <= now) timeline.now = reached;
    else timeline.steps.push({ at, level: reached });
    last = reached;
  }
  return timeline;
}

/** The highest level of a timeline, now or ahead. */
export function heightOf({ now, steps }: LevelTimeline): AccessLevel {
  return Math.max(now, ...steps.map(({ level }) => level));
}

/** Whether two timelines have the same steps ahead. */
export function isSameAhead(a: LevelTimeline, b: LevelTimeline): boolean {
  return (
    a.steps.length === b.steps.length &&
    a.steps.every((step, index) => step.at === b.steps[index]?.at && step.level === b.steps[index]?.level)
  );
}
