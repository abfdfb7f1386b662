import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import type { BegunPart, Restraints } from '../../../src/core/domain/plan/restraints.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { changeOf, smallWorld, told } from '../../support/small-world.ts';

const ROWS = { 'project:#4001': 'viewer', 'domain:#7001': 'viewer' } as const;
const ACCESSES = ['a@x', 'b@x'].map((user, index) => ({ access: index + 1, user, rows: ROWS }));
/** Both lose a project and a domain, and one may. */
const POLICY: PolicySpec = {
  limits: { revokes: { principals: 1, percent: 100 } },
  grants: [{ to: ['a@x', 'b@x'], resource: 'project:Mobile' }],
};
/** What a bare date of an approval means: the end of that day. */
const endOf = (day: string) => Date.parse(`${day}T00:00:00Z`) + 86_400_000;

const plan = (policy: PolicySpec = {}, restraints: Partial<Restraints> = {}, now?: number): Plan =>
  smallWorld({ ...POLICY, ...policy }, { accesses: ACCESSES }, now, restraints).plan;
const FIRST = plan();
const A = FIRST.held[0]?.digest ?? '';
const approval = (until: string) => ({ digests: [A], until });
const spent = (...days: readonly string[]) => days.map((day) => ({ digest: A, until: endOf(day) }));
const losses = ({ changes }: Plan) => changes.map(changeOf).filter((text) => text.includes('remove'));

describe('an approval that was used', () => {
  test('does not let the same part run again, and a notice says what to do', () => {
    const found = plan({ approvals: [approval('2026-11-30')] }, { spent: spent('2026-11-30') });
    expect([losses(found), found.held.map(({ digest }) => digest)]).toEqual([
      [],
      FIRST.held.map(({ digest }) => digest),
    ]);
    expect(found.notices.filter(({ code }) => code.startsWith('approval'))).toEqual([
      {
        code: 'approval-spent',
        message: `a@x: the approval of ${A} by policy.yaml:91:3, until 2026-11-30, was used: grantd began to write this part, and an approval is good once`,
        remedy:
          'to approve it again, give the digest another `until` in a reviewed change of the policy; else remove the approval',
        at: expect.objectContaining({ line: 91 }),
      },
    ]);
  });

  test('is another one with another end, whichever stands first', () => {
    const both = [approval('2026-11-30'), approval('2026-12-01')];
    for (const approvals of [both, [...both].reverse()]) {
      const found = plan({ approvals }, { spent: spent('2026-11-30') });
      expect(losses(found)).toEqual(['a@x remove domain:#7001 10>0', 'a@x remove project:#4001 10>0']);
      expect(told(found.notices, 'approval-spent')).toEqual([]);
    }
    expect(losses(plan({ approvals: both }, { spent: spent('2026-11-30', '2026-12-01') }))).toEqual([]);
  });

  test('says nothing of that beside one by hand', () => {
    const found = plan({ approvals: [approval('2026-11-30')] }, { spent: spent('2026-11-30'), approvedByHand: [A] });
    expect(found.approved).toMatchObject([{ digest: A, by: { kind: 'by-hand' } }]);
    expect(found.notices.filter(({ code }) => code.startsWith('approval'))).toEqual([]);
  });

  test('has ended like any other', () => {
    const found = plan({ approvals: [approval('2026-11-20')] }, { spent: spent('2026-11-20') });
    expect(told(found.notices, 'approval-ended')).toHaveLength(1);
    const later = plan({ approvals: [approval('2026-11-20'), approval('2026-11-30')] }, { spent: spent('2026-11-30') });
    expect([told(later.notices, 'approval-ended'), told(later.notices, 'approval-spent')]).toEqual([
      [],
      [expect.any(String)],
    ]);
  });

  test('that nothing needs any more can be removed', () => {
    const done = {
      ...POLICY,
      limits: { revokes: { principals: 9, percent: 100 } },
      approvals: [approval('2026-11-30')],
    };
    expect(told(plan(done, { spent: spent('2026-11-30') }).notices, 'approval-unused')).toHaveLength(1);
  });

  test('covers what is left of the part that it began, and nothing that was done', () => {
    const [part] = FIRST.held;
    const whole: BegunPart = { digest: A, rules: part?.rules ?? [], access: 1, changes: part?.changes ?? [] };
    const approvals = [approval('2026-11-30')];
    const restraints = { spent: spent('2026-11-30'), begun: [whole] };
    const found = plan({ approvals }, restraints);
    expect(found.approved).toMatchObject([{ digest: A, isBegun: true }]);
    expect(told(found.notices, 'approval-unused')).toEqual([]);
    const halfDone = { ...whole, changes: whole.changes.map((one, index) => ({ ...one, isDone: index === 0 })) };
    expect(plan({ approvals }, { ...restraints, begun: [halfDone] }).approved).toEqual([]);
    expect(plan({}, restraints).approved).toEqual([]);
  });
});

describe('the approval that a plan suggests', () => {
  test('ends seven days later, in UTC', () => {
    const at = (moment: string) => plan({}, {}, Date.parse(moment)).held.map(({ approvalUntil }) => approvalUntil);
    expect(at('2026-11-24T00:00:00Z')).toEqual(['2026-12-01', '2026-12-01']);
    expect(at('2026-11-24T23:59:59.999Z')).toEqual(['2026-12-01', '2026-12-01']);
  });

  test('is never one that is spent', () => {
    const untils = (...days: readonly string[]) =>
      plan({}, { spent: spent(...days) }).held.map((part) => part.approvalUntil);
    expect(untils('2026-12-01')).toEqual(['2026-12-02', '2026-12-01']);
    expect(untils('2026-12-01', '2026-12-02')).toEqual(['2026-12-03', '2026-12-01']);
    expect(untils('2026-12-02')).toEqual(['2026-12-01', '2026-12-01']);
  });

  test('by command names the flags of the daemon, quoted for a shell', () => {
    const [part] = plan({}, { applyFlags: ['--audit-log', '/var/log/{account} x.jsonl'] }).held;
    expect(part?.approve).toBe(`grantd apply policy.yaml --approve ${A} --audit-log '/var/log/{account} x.jsonl'`);
  });
});
