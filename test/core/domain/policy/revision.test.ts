import { expect, test } from 'vitest';
import { revisionText } from '../../../../src/core/domain/policy/revision.ts';

test('a revision is told by its commit, and by its hash where no commit is known', () => {
  const sha256 = 'ab'.repeat(32);
  expect(revisionText({ sha256, commit: '0123456789abcdef'.repeat(3).slice(0, 40) })).toBe('git:0123456789ab');
  expect(revisionText({ sha256, commit: null })).toBe('sha256:abababababab');
});
