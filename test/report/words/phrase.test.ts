import { expect, test } from 'vitest';
import type { Cause } from '../../../src/core/domain/plan/plan.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { renderPlanMarkdown } from '../../../src/report/plan/markdown.ts';
import { renderPlanText } from '../../../src/report/plan/text.ts';
import { linesText, whyLines } from '../../../src/report/words/phrase.ts';
import { busyWorld } from '../worlds.ts';

const AT = { file: 'policy.yaml', line: 7, column: 1, length: 1 };

test('a list of lines has the first ten, and counts the others', () => {
  const places = Array.from({ length: 12 }, (_, index) => ({ ...AT, line: index + 1 }));
  expect(linesText(places.slice(0, 2))).toBe('policy.yaml:1, policy.yaml:2');
  expect(linesText(places)).toMatch(/policy\.yaml:10 and 2 more$/);
});

test('an end whose date is unknown is shown without a date', () => {
  const cause: Cause = {
    kind: 'ended',
    grant: AT,
    resource: 'account',
    level: 'viewer',
    role: null,
    groups: [],
    otherPaths: 0,
    reason: null,
    until: null,
    endedBy: null,
  };
  expect(whyLines([cause], 'loss', 'account')).toEqual(['ended: a grant (policy.yaml:7)']);
  expect(
    whyLines(
      [
        { ...cause, endedBy: AT },
        { kind: 'offboarded', at: AT },
      ],
      'loss',
      'account',
    ),
  ).toEqual(['ended by `ends` (policy.yaml:7): a grant (policy.yaml:7)']);
  expect(whyLines([], 'loss', 'account')).toEqual([]);
});

test('someone who is upcoming at an unknown moment is listed without a date', () => {
  const { plan } = busyWorld();
  const undated = { ...plan, upcoming: plan.upcoming.map((one) => ({ ...one, begins: null })) };
  expect(renderPlanText(undated, PLAIN, { isWhole: true })).toMatch(/\n {2}dan@example\.com +policy\.yaml:56\n/);
  expect(renderPlanMarkdown(undated)).toContain('\n- `dan@example.com` `policy.yaml:56`\n');
});
