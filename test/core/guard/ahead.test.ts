import { describe, expect, test } from 'vitest';
import { principalHash } from '../../../src/core/domain/account/known-ends.ts';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import { instantText } from '../../../src/core/domain/text/instant.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { planToJson } from '../../../src/report/plan/json.ts';
import { renderPlanMarkdown } from '../../../src/report/plan/markdown.ts';
import { renderPlanText } from '../../../src/report/plan/text.ts';
import { schemaErrors } from '../../report/schema-check.ts';
import type { AccessSpec, RowsSpec } from '../../support/account-builder.ts';
import type { GrantSpec, PolicySpec } from '../../support/policy-builder.ts';
import { NOW, smallWorld } from '../../support/small-world.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const within = (hours: number) => instantText(NOW + hours * HOUR_MS);
const mail = (index: number) => `u${index}@example.com`;
const users = (count: number, rows: RowsSpec = {}): readonly AccessSpec[] =>
  Array.from({ length: count }, (_, index) => ({ access: index + 1, user: mail(index), rows }));
const gives = (index: number, more: Partial<GrantSpec> = {}): GrantSpec => ({
  to: mail(index),
  resource: 'project:Checkout',
  ...more,
});
const VIEWER = { 'project:#4001': 'viewer' } as const;

const planOf = (policy: PolicySpec, accesses = users(1), restraints = {}): Plan =>
  smallWorld(policy, { accesses }, NOW, restraints).plan;

const datesOf = (...args: Parameters<typeof planOf>) =>
  planOf(...args).ahead.dates.map(({ kind, at, line, who, what }) => {
    const names = who.map((name) => ('email' in name ? name.email : name.token)).join('+');
    const gone = what.map(({ resource, level }) => `${level} ${resource}`).join('+');
    return `${(at.at - NOW) / HOUR_MS} h: ${kind} ${names}: ${gone} (${line.line})`;
  });
const messagesOf = (...args: Parameters<typeof planOf>) =>
  planOf(...args).ahead.refusals.map(({ rule, message }) => `${rule}: ${message}`);

describe('what lies ahead', () => {
  test('is each date of the next 30 days, the soonest first, for all whom it concerns', () => {
    const groups = { all: [mail(1), mail(0)] };
    const grants = [
      gives(0, { to: 'group:all', resource: 'project:*', from: within(3), until: within(5) }),
      gives(0, { resource: 'domain:example.com', until: within(3) }),
      gives(0, { until: within(30 * 24) }),
      gives(0, { resource: 'inbox:#5001', until: within(30 * 24 + 1) }),
    ];
    expect(datesOf({ groups, grants }, users(2))).toEqual([
      '3 h: begins u0@example.com+u1@example.com: viewer project:* (51)',
      '3 h: ends u0@example.com: viewer domain:example.com (52)',
      '5 h: ends u0@example.com+u1@example.com: viewer project:* (51)',
      '720 h: ends u0@example.com: viewer project:Checkout (53)',
    ]);
  });

  test('is not what another grant gives as well', () => {
    const renewed = [gives(0, { until: within(3) }), gives(0, { from: within(3) })];
    expect(datesOf({ grants: renewed })).toEqual([]);
    const above = [gives(0, { until: within(3) }), gives(0, { resource: 'account' })];
    expect(datesOf({ grants: above })).toEqual([]);
    const less = [gives(0, { level: 'admin', until: within(3) }), gives(0)];
    expect(datesOf({ grants: less })).toEqual(['3 h: ends u0@example.com: admin project:Checkout (51)']);
  });

  test('is by the line of `ends`, where that ends a grant, or alone takes everything', () => {
    const ends = { [mail(0)]: within(3), [mail(1)]: within(4) };
    expect(datesOf({ ends, grants: [gives(0)] }, users(2))).toEqual([
      '3 h: ends u0@example.com: viewer project:Checkout (21)',
      '4 h: ends u1@example.com:  (22)',
    ]);
  });

  test('is for people who may join until then, but not for an owner, and no end takes from the protected', () => {
    const grants = [gives(0, { from: within(3), until: within(4) })];
    expect(datesOf({ grants }, [])).toEqual(['3 h: begins u0@example.com: viewer project:Checkout (51)']);
    expect(datesOf({ grants }, users(1, { account: 'owner' }))).toEqual([]);
    expect(datesOf({ grants, protected: [mail(0)] })).toHaveLength(1);
    expect(datesOf({ grants, mode: 'additive' })).toHaveLength(1);
    expect(datesOf({ grants })).toHaveLength(2);
  });

  test('stands in the order of the lines at one moment, begin before end', () => {
    const grants = [
      gives(0, { resource: 'domain:example.com', from: within(3), line: 62 }),
      gives(1, { until: within(3), line: 61 }),
      gives(2, { from: within(2), until: within(3), line: 60 }),
    ];
    expect(datesOf({ grants }, users(3)).map((text) => text.slice(0, 22))).toEqual([
      '2 h: begins u2@example',
      '3 h: ends u2@example.c',
      '3 h: ends u1@example.c',
      '3 h: begins u0@example',
    ]);
  });
});

describe('a limit that dates ahead exceed is told', () => {
  const admin = (index: number, from: number): GrantSpec =>
    gives(index, { resource: 'account', level: 'admin', from: within(from) });

  test('for account admins (case G7)', () => {
    const grants = [0, 1, 2].map((index) => admin(index, index + 1));
    expect(messagesOf({ grants, limits: { newAdmins: 1 } }, users(3))).toEqual([
      'admin-limit: 3 become account admin between 2026-11-24T05:00:00Z and 2026-11-24T07:00:00Z, and the limit is 1: ' +
        'grantd will hold changes until you approve them (u0@example.com, u1@example.com, u2@example.com)',
    ]);
    expect(messagesOf({ grants, limits: { newAdmins: 3 } }, users(3))).toEqual([]);
    expect(messagesOf({ grants: [admin(0, 2)], limits: { newAdmins: 0 } })[0]).toContain(
      '1 becomes account admin at 2026-11-24T06:00:00Z, and the limit is 0',
    );
  });

  test('for dates within 24 hours of each other, and with those that have come', () => {
    const limits = { newAdmins: 1 };
    expect(messagesOf({ grants: [admin(0, 1), admin(1, 25)], limits }, users(2))).toEqual([]);
    expect(messagesOf({ grants: [admin(0, 1), admin(1, 24.9)], limits }, users(2))).toHaveLength(1);
    expect(messagesOf({ grants: [admin(0, -1), admin(1, 22.9)], limits }, users(2))).toHaveLength(1);
    expect(messagesOf({ grants: [admin(0, -1), admin(1, -1)], limits }, users(2))).toEqual([]);
    const most = [admin(0, 1), admin(1, 2), admin(2, 100), admin(3, 101), admin(4, 102), admin(2, 103)];
    expect(messagesOf({ grants: most, limits }, users(5))[0]).toContain('3 become account admin between 2026-11-28T08');
  });

  test('for gains', () => {
    const grants = Array.from({ length: 12 }, (_, index) => gives(index, { from: within(1) }));
    expect(messagesOf({ grants, limits: { gains: { principals: 5, percent: null } } }, users(12))[0]).toMatch(
      /^gain-limit: 12 gain access at 2026-11-24T05:00:00Z, and the limit is 5: .* \(u0@.*, u7@example\.com and others\)$/,
    );
  });

  test('for losses that count (case G8)', () => {
    const end = NOW + 2 * DAY_MS;
    const grants = [0, 1].map((index) => gives(index, { until: instantText(end) }));
    const limits = { revokes: { principals: 1, percent: 100 } };
    const since = (at: number) => ({
      knownEnds: [0, 1].map((index) => ({ principal: principalHash({ email: mail(index) }), end, since: at })),
    });
    expect(messagesOf({ grants, limits }, users(2, VIEWER))[0]).toContain(
      'until you approve them, unless its state shows that every accepted text set these ends for 24 hours',
    );
    expect(messagesOf({ grants, limits }, users(2, VIEWER), since(end - DAY_MS))).toEqual([]);
    expect(messagesOf({ grants, limits }, users(2, VIEWER), { knownEnds: [] })).toEqual([]);
    const soon = [0, 1].map((index) => gives(index, { until: within(23) }));
    expect(messagesOf({ grants: soon, limits }, users(2, VIEWER), { knownEnds: [] })[0]).toMatch(
      /^revoke-limit: 2 lose access at 2026-11-25T03:00:00Z, and the limit is 1: .*\. It will not have known these ends for 24 hours/,
    );
  });
});

describe('in a report', () => {
  const many = Array.from({ length: 25 }, (_, index) =>
    gives(index, {
      to: [0, 1, 2, 3, 4].map((one) => mail(index * 5 + one)),
      resource: 'account',
      level: 'admin',
      from: within(index + 1),
    }),
  );
  const plan = planOf({ grants: many, ends: { 'zed@x': within(1) } }, [{ access: 900, user: 'zed@x', rows: VIEWER }]);

  test('text has the warning and 5 dates, and says how many more there are', () => {
    const text = renderPlanText(plan, PLAIN);
    expect(text).toContain('Ahead: what begins and ends in the next 30 days (26 dates)\n  gain-limit: 120 gain access');
    expect(text).toContain('u0@example.com, u1@example.com, u2@example.com and 2 more  admin on account');
    expect(text).toContain('  and 21 more; --format json shows all');
    const whole = renderPlanText(plan, PLAIN, { isWhole: true });
    expect(whole).toContain('ends    zed@x');
    expect(whole).toContain('all access');
  });

  test('Markdown never folds the warning', () => {
    const markdown = renderPlanMarkdown(plan);
    expect(markdown).toMatch(/#### Ahead\n\n- \*\*gain-limit\*\*: .*\n- \*\*admin-limit\*\*: /);
    expect(markdown).toContain('<summary>Ahead: what begins and ends in the next 30 days (26)</summary>');
  });

  test('JSON has all of it', () => {
    const json = planToJson(plan);
    expect(json.ahead.dates).toHaveLength(26);
    expect(json.ahead.refusals.map(({ rule }) => rule)).toEqual(['gain-limit', 'admin-limit']);
    expect(schemaErrors('plan', json)).toEqual([]);
  });
});
