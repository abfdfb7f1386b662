import { expect, test } from 'vitest';
import { isPattern, mustMatchOne } from '../../../../src/core/domain/policy/resource-ref.ts';
import { buildRef } from '../../../support/policy-builder.ts';

test.each([
  ['account', false, false],
  ['billing', true, false],
  ['campaigns', true, false],
  ['project:Checkout', true, false],
  ['project:Check*', false, true],
  ['project:#4001', false, false],
  ['domain:example.com', true, false],
  ['domain:*.example.com', false, true],
  ['inbox:Checkout/Staging', true, false],
  ['inbox:Checkout/*', false, true],
  ['inbox:Check*/Staging', false, true],
  ['inbox:*/*', false, true],
  ['inbox:#5001', false, false],
])('%s must match exactly one resource: %s; contains a star: %s', (text, isName, hasStar) => {
  const { selector } = buildRef(text);
  expect([mustMatchOne(selector), isPattern(selector)]).toEqual([isName, hasStar]);
});
