import { expect, test } from 'vitest';
import { endsSoon } from '../../../src/adapters/notify/ends-soon.ts';
import { NEW_STATE } from '../../../src/adapters/notify/notification-state.ts';
import type { RunEnded } from '../../../src/core/domain/run/daemon-event.ts';
import { DAY_MS, endingPlan, NOW } from './support/ending.ts';
import { failed, left } from './support/runs.ts';

const RULES = { endsSoonDays: 14 };
const ended = (...days: readonly number[]) => left('complete', endingPlan(...days)) as RunEnded;

test('reports whose access ends within the days that are set, by which line, on what', () => {
  const { notifications } = endsSoon(NEW_STATE, ended(1, 14, 15), NOW, RULES);
  expect(notifications.map(({ data }) => data)).toMatchObject([
    {
      kind: 'ends.soon',
      severity: 'info',
      summary: 'access of 2 principals ends within 14 days',
      count: 2,
      ends: [
        {
          principal: 'Day1@example.com',
          endsAt: '2026-11-25T04:00:00Z',
          file: 'policy.yaml',
          line: 1,
          access: ['project:App viewer'],
        },
        { principal: 'Day14@example.com', line: 14 },
      ],
    },
  ]);
});

test('reports each end once, and one that came near since', () => {
  const first = endsSoon(NEW_STATE, ended(1, 15), NOW, RULES);
  const again = endsSoon(first.state, ended(1, 15), NOW, RULES);
  expect(again.notifications).toEqual([]);
  const later = endsSoon(again.state, ended(1, 15), NOW + DAY_MS, RULES);
  expect(later.notifications.map(({ data }) => data.ends.map(({ principal }) => principal))).toEqual([
    ['Day15@example.com'],
  ]);
});

test('forgets what is over, so that it grows no further than a plan', () => {
  const first = endsSoon(NEW_STATE, ended(1, 2, 3), NOW, RULES);
  expect(first.state.ends.size).toBe(3);
  expect(endsSoon(first.state, ended(), NOW, RULES).state.ends.size).toBe(0);
});

test('reports nothing without days, and nothing of a run without a plan', () => {
  expect(endsSoon(NEW_STATE, ended(1), NOW, { endsSoonDays: 0 })).toEqual({ state: NEW_STATE, notifications: [] });
  expect(endsSoon(NEW_STATE, failed() as RunEnded, NOW, RULES)).toEqual({ state: NEW_STATE, notifications: [] });
});
