import { expect, test } from 'vitest';
import { type IntendedPut, NO_JOURNAL } from '../../../src/core/domain/run/daemon-ports.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';

const PUT: IntendedPut = {
  runId: 'r',
  account: 3229,
  access: 2,
  changes: [],
  revision: null,
  planDigest: 'sha256:a',
  approved: [],
};

test('where no audit log is kept every write may begin, and no record has a hash', async () => {
  const entry = await NO_JOURNAL.intend(PUT);
  expect(await entry.ended({ kind: 'failed', error: new GrantdError('stopped', 'm', 'r') })).toBe(null);
});
