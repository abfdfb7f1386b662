import type { AccountMemory, RepeatedChange } from '../domain/account-memory.ts';
import { instantText } from '../domain/instant.ts';
import type { TokenPair } from '../domain/restraints.ts';

/** The version of the format; another one means another shape. */
export const STATE_VERSION = 1;

/** A larger file is neither written nor read: ten thousand repeated changes stay below it. */
export const STATE_BYTES_MAX = 4 * 2 ** 20;

/**
 * What is remembered of an account as the text of a file (schemas/state.v1.schema.json). Equal memories are equal texts,
 * and each pair and change has a line of its own.
 */
export function encodeMemory({
  account,
  policy,
  superseded,
  provenPairs,
  disprovenPairs,
  repeated,
}: AccountMemory): string {
  return [
    `{"version":${STATE_VERSION},`,
    `"account":${account},`,
    `"policy":${JSON.stringify(policyJson(policy))},`,
    `"superseded":${linesOf(superseded.map(({ sha256, commit }) => ({ sha256, commit })))},`,
    `"provenPairs":${linesOf(provenPairs.map(pairJson))},`,
    `"disprovenPairs":${linesOf(disprovenPairs.map(pairJson))},`,
    `"repeated":${linesOf(repeated.map(repeatedJson))}}`,
    '',
  ].join('\n');
}

function policyJson(policy: AccountMemory['policy']): unknown {
  if (policy === null) return null;
  const { sha256, commit } = policy.revision;
  return { sha256, commit, acceptedAt: instantText(policy.acceptedAt) };
}

function pairJson({ access, tokenId }: TokenPair): unknown {
  return { access, tokenId };
}

function repeatedJson(change: RepeatedChange): unknown {
  const { access, resource, after, runs, hasBeenInPlace, contestedSince, triedAt } = change;
  return {
    access,
    resource: { type: resource.type, id: resource.id },
    after,
    runs,
    hasBeenInPlace,
    contestedSince: contestedSince === null ? null : instantText(contestedSince),
    triedAt: instantText(triedAt),
  };
}

function linesOf(items: readonly unknown[]): string {
  return items.length === 0 ? '[]' : `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
}
