import { describe, expect, test } from 'vitest';
import { instantText } from '../../../src/core/domain/text/instant.ts';
import { endsBehind } from '../../../src/core/guard/loss-by-end.ts';
import type { LevelSpec } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { NOW, smallWorld } from '../../support/small-world.ts';

const ANN = 'ann@example.com';
const day = (date: string) => Date.parse(date) + 24 * 60 * 60 * 1000;

/** The ends behind Ann's only loss. */
function endsOf(policy: PolicySpec, held: LevelSpec = 'admin'): readonly number[] {
  const bystander = { to: 'bystander@example.com', resource: 'project:#999' };
  const world = smallWorld(
    { ...policy, grants: [...(policy.grants ?? []), bystander] },
    { accesses: [{ access: 2, user: ANN, rows: { 'project:#4001': held } }] },
  );
  const [loss, ...more] = world.plan.changes.filter(({ after, before }) => after < before);
  expect(more).toEqual([]);
  return loss ? endsBehind(world.desired, world.resolved)(loss) : [];
}

const grant = (level: 'viewer' | 'admin', until?: string) => ({
  to: ANN,
  resource: 'project:Checkout',
  level,
  ...(until ? { until } : {}),
});

describe('a loss is by an end', () => {
  test('where the grant that ended gave all that the row holds', () => {
    expect(endsOf({ grants: [grant('admin', '2026-11-20')] })).toEqual([day('2026-11-20')]);
  });

  test('where it is lowered to what still runs', () => {
    expect(endsOf({ grants: [grant('admin', '2026-11-20'), grant('viewer')] })).toEqual([day('2026-11-20')]);
  });

  test('where the grant was cut by `ends`', () => {
    expect(endsOf({ grants: [grant('admin')], ends: { [ANN]: '2026-11-20' } })).toEqual([day('2026-11-20')]);
  });

  test('where the person stands in `ends` alone', () => {
    expect(endsOf({ ends: { [ANN]: '2026-11-20' } })).toEqual([day('2026-11-20')]);
  });

  test('where the person would be upcoming without `ends`, and `unlisted` keeps', () => {
    const ahead = { to: ANN, resource: 'project:Mobile', level: 'viewer' as const, from: '2027-01-01' };
    const ends = { [ANN]: '2026-11-20' };
    expect(endsOf({ grants: [ahead], ends })).toEqual([day('2026-11-20')]);
    expect(endsOf({ grants: [ahead], ends, unlisted: 'revoke' })).toEqual([]);
  });

  test('where no pattern of `unlisted` would take their rows without `ends`', () => {
    const ends = { [ANN]: '2026-11-20' };
    expect(endsOf({ ends, unlisted: ['*@example.net'] })).toEqual([day('2026-11-20')]);
    expect(endsOf({ ends, unlisted: ['*@example.net', 'A*@example.com'] })).toEqual([]);
  });

  test('where a level that nobody can write stayed because viewer was entitled', () => {
    expect(endsOf({ grants: [grant('viewer', '2026-11-20')] }, 'viewer+')).toEqual([day('2026-11-20')]);
  });
});

describe('a loss is by no end', () => {
  test('where the row holds more than the grant gave: it was to be lowered anyway', () => {
    expect(endsOf({ grants: [grant('viewer', '2026-11-20')] })).toEqual([]);
  });

  test('where nothing ended', () => {
    expect(endsOf({ grants: [grant('viewer')] })).toEqual([]);
  });

  test('where the person in `ends` stands in a grant of something else too', () => {
    const elsewhere = { to: ANN, resource: 'project:Mobile', level: 'viewer' as const };
    expect(endsOf({ grants: [elsewhere], ends: { [ANN]: '2026-11-20' } })).toEqual([]);
  });

  test('where the person in `ends` would stand in a grant that runs, were it not for it', () => {
    const cutBefore = { to: ANN, resource: 'project:Mobile', level: 'viewer' as const, from: '2026-11-22' };
    expect(endsOf({ grants: [cutBefore], ends: { [ANN]: '2026-11-20' } })).toEqual([]);
  });

  test('where it would run from this very moment on', () => {
    const begins = { to: ANN, resource: 'project:Mobile', level: 'viewer' as const, from: instantText(NOW) };
    expect(endsOf({ grants: [begins], ends: { [ANN]: '2026-11-20' } })).toEqual([]);
  });

  test('where unlisted principals lose it anyway', () => {
    expect(endsOf({ ends: { [ANN]: '2026-11-20' }, unlisted: 'revoke' })).toEqual([]);
  });

  test('where nothing is lost', () => {
    const world = smallWorld({ grants: [grant('admin')] }, { accesses: [{ access: 2, user: ANN }] });
    const [gain] = world.plan.changes;
    expect(gain && endsBehind(world.desired, world.resolved)(gain)).toEqual([]);
  });
});
