import { expect, test } from 'vitest';
import { revisionText } from '../../../../src/core/domain/policy/revision.ts';

test('a revision is shown as its commit, or as its hash if the commit is unknown', () => {
  const sha256 = 'ab'.repeat(32);
  expect(revisionText({ sha256, commit: '0123456789abcdef'.repeat(3).slice(0, 40) })).toBe('git:0123456789ab');
  expect(revisionText({ sha256, commit: null })).toBe('sha256:abababababab');
});
