import type { Plan } from '../../../../src/core/domain/plan/plan.ts';
import { idlePlan } from '../../log/support/events.ts';

export const NOW = Date.parse('2026-11-24T04:00:00Z');
export const DAY_MS = 86_400_000;

/** An idle plan in which access of somebody ends after each of these days. */
export function endingPlan(...days: readonly number[]): Plan {
  const dates = days.map((day) => ({
    kind: 'ends' as const,
    at: { at: NOW + day * DAY_MS, text: `in ${day} days` },
    line: { file: 'policy.yaml', line: day, column: 3, length: 1 },
    who: [{ email: `day${day}@example.com`, written: `Day${day}@example.com` }],
    what: [{ resource: 'project:App', level: 'viewer' as const }],
  }));
  return { ...idlePlan(), ahead: { dates, refusals: [] } };
}
