import { describe, expect, it } from 'vitest';
import { warnOfLaterGrants } from '../../../src/core/validate/check-unlisted.ts';
import { codesOf, policyText, validate, validPolicy } from './policy-text.ts';

const NOW = Date.UTC(2026, 10, 24);

describe('takes-nothing', () => {
  const messagesOf = (text: string) => validate(text).problems.map(({ code, message }) => `${code}: ${message}`);

  it('says what an authoritative policy without grants leaves', () => {
    expect(messagesOf(policyText('grants: []'))).toEqual([
      'takes-nothing: no grant has begun, so grantd gives nothing and takes nothing. Everyone keeps what they have',
    ]);
    expect(messagesOf(policyText('unlisted: revoke'))).toEqual([
      'takes-nothing: no grant has begun, so grantd gives nothing and takes nothing: the guard empty-policy holds every loss by `unlisted` and `ends`. Everyone keeps what they have',
    ]);
  });

  it('points at the grants, or at `unlisted` if there are none', () => {
    expect(codesOf(validate(policyText('grants: []')).problems)).toEqual(['takes-nothing 6:9']);
    expect(codesOf(validate(policyText()).problems)).toEqual(['takes-nothing 6:11']);
  });

  it('is no problem of the other modes', () => {
    expect(messagesOf(policyText('', { mode: 'observe' }))).toEqual([]);
    expect(messagesOf(policyText('', { mode: 'additive' }))).toEqual([]);
  });

  it('depends on the time if all grants begin later', () => {
    const grant = (from: string) => `  - { to: ann@example.com, resource: account, level: viewer${from} }\n`;
    const codesAt = (now: number, ...grants: readonly string[]) =>
      codesOf(warnOfLaterGrants(validPolicy(policyText(`grants:\n${grants.join('')}`)), now));
    const [ahead, begun] = [grant(', from: 2026-12-01'), grant('')];
    expect(codesAt(NOW, ahead)).toEqual(['takes-nothing 7:5']);
    expect(codesAt(Date.UTC(2026, 11, 1), ahead)).toEqual([]);
    expect(codesAt(NOW, ahead, begun)).toEqual([]);
    expect(warnOfLaterGrants(validPolicy(policyText()), NOW)).toEqual([]);
  });
});
