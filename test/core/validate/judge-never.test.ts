import { describe, expect, it } from 'vitest';
import { judgeNever } from '../../../src/core/validate/check-never.ts';
import { policyText, validPolicy } from './policy-text.ts';

/** What the text says of one rule, beside these grants. */
function judged(rule: string, ...grants: readonly string[]) {
  const lines = ['never:', `  - ${rule}`, 'grants:', ...grants.map((grant) => `  - ${grant}`)];
  const [result] = judgeNever(validPolicy(policyText(`${lines.join('\n')}\n`)));
  return result;
}

const ADMIN_OF_X = '{ who: a@b.c, resource: project:X, level: admin }';

describe('a never rule is left open by the text', () => {
  it.each([
    ['an exception by id', ADMIN_OF_X, '{ to: a@b.c, resource: "project:*", except: "project:#4001", level: admin }'],
    [
      'an exception by name from a rule by id',
      '{ who: a@b.c, resource: "project:#4001", level: admin }',
      '{ to: a@b.c, resource: "project:*", except: project:X, level: admin }',
    ],
    ['a grant by id', ADMIN_OF_X, '{ to: a@b.c, resource: "project:#4001", level: admin }'],
    [
      'an exception that may be all that the grant matches',
      '{ who: a@b.c, resource: "project:*", level: admin }',
      '{ to: a@b.c, resource: "project:X*", except: project:XY, level: admin }',
    ],
    [
      'patterns that may match one name',
      '{ who: a@b.c, resource: "project:*d", level: admin }',
      '{ to: a@b.c, resource: "project:P*", level: admin }',
    ],
  ])('by %s', (_, rule, grant) => {
    expect(judged(rule, grant)?.verdict).toBe('undecided');
  });

  it('and the reason names what a snapshot decides', () => {
    const grant = '{ to: a@b.c, resource: "project:*", except: "project:#4001", level: admin }';
    expect(judged(ADMIN_OF_X, grant)?.reason).toMatch(
      /^needs a snapshot: whether the rule is broken depends on names and ids in the account, by policy\.yaml:\d+:5 \(a@b\.c admin on project:\* except project:#4001\)$/,
    );
    const byId = '{ to: a@b.c, resource: "project:#4001", level: admin }';
    expect(judged(ADMIN_OF_X, byId)?.reason).toMatch(/ \(a@b\.c admin on project:#4001\)$/);
  });
});

describe('a never rule is kept by the text', () => {
  it.each([
    ['someone else', '{ to: z@b.c, resource: "project:#4001", level: admin }'],
    ['a lower level', '{ to: a@b.c, resource: project:X, level: viewer }'],
    ['a resource below', '{ to: a@b.c, resource: inbox:X/y, level: admin }'],
    ['an exception that is the resource', '{ to: a@b.c, resource: "project:*", except: project:X, level: admin }'],
    [
      'an exception that is all of the grant',
      '{ to: a@b.c, resource: "project:#4001", except: "project:#4001", level: admin }',
    ],
  ])('by %s', (_, grant) => {
    const other = '{ to: a@b.c, resource: domain:harmless, level: viewer }';
    expect(judged(ADMIN_OF_X, grant, other)).toMatchObject({ verdict: 'passed', reason: null });
  });
});
