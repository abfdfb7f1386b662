import type { Call, FlagSpec } from '../../line/command.ts';
import { UsageError } from '../../line/errors.ts';
import { listFlag } from '../../line/flags.ts';

export const APPROVE_FLAG: FlagSpec = {
  flags: '--approve <DIGEST>',
  says: 'let a held part run, by the digest that the plan shows for it; may be repeated',
  isRepeatable: true,
};

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The digests of `--approve`, each once. Throws `UsageError` for what is no digest: there is no approval of everything. */
export function approvedByHand(call: Pick<Call, 'flags'>): readonly string[] {
  const digests = [...new Set(listFlag(call, 'approve'))];
  for (const digest of digests) {
    if (DIGEST.test(digest)) continue;
    throw new UsageError(
      `--approve takes the digest of a held part, and ${JSON.stringify(digest.slice(0, 80))} is none`,
      'copy it from what grantd plan shows under Held: sha256: and 64 digits; each held part has its own',
    );
  }
  return digests;
}
