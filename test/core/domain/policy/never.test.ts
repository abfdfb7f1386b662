import { expect, it } from 'vitest';
import { toEmailPattern } from '../../../../src/core/domain/account/email.ts';
import { toNamePattern } from '../../../../src/core/domain/policy/name-pattern.ts';
import { neverNames } from '../../../../src/core/domain/policy/never.ts';
import type { NeverWho } from '../../../../src/core/domain/policy/policy.ts';

const ann = { email: 'ann@x.test' };
const ci = { token: 'ci' };
const members = new Map([['qa', [ann, { token: 'bot' }]]]);

it.each<readonly [who: NeverWho, ann: boolean, ci: boolean]>([
  [{ kind: 'principal', name: { email: 'ann@x.test' } }, true, false],
  [{ kind: 'principal', name: { token: 'ci' } }, false, true],
  [{ kind: 'group', group: 'qa' }, true, false],
  [{ kind: 'group', group: 'unknown' }, false, false],
  [{ kind: 'emails', pattern: toEmailPattern('*@X.test') }, true, false],
  [{ kind: 'emails', pattern: toEmailPattern('*@y.test') }, false, false],
  [{ kind: 'tokens', pattern: toNamePattern('*') }, false, true],
  [{ kind: 'tokens', pattern: toNamePattern('c*') }, false, true],
  [{ kind: 'tokens', pattern: toNamePattern('d*') }, false, false],
])('%j is about Ann: %s, about the token ci: %s', (who, isAnn, isCi) => {
  expect([neverNames(who, ann, members), neverNames(who, ci, members)]).toEqual([isAnn, isCi]);
});
