import type { AccountMemory, RepeatedChange } from '../domain/account-memory.ts';
import { instantText } from '../domain/instant.ts';
import type { TokenPair } from '../domain/restraints.ts';
import type { Revision } from '../domain/revision.ts';

/** The version of the format; another one means another shape. */
export const STATE_VERSION = 1;

/** A file of more bytes is none of ours: ten thousand repeated changes stay below it. */
export const STATE_BYTES_MAX = 4 * 2 ** 20;

/** What is remembered of an account as the text of a file (schemas/state.v1.schema.json). Equal memories are equal texts. */
export function encodeMemory({ account, policy, provenPairs, disprovenPairs, repeated }: AccountMemory): string {
  const json = {
    version: STATE_VERSION,
    account,
    policy: policy && { ...revisionJson(policy.revision), acceptedAt: instantText(policy.acceptedAt) },
    provenPairs: provenPairs.map(pairJson),
    disprovenPairs: disprovenPairs.map(pairJson),
    repeated: repeated.map(repeatedJson),
  };
  return `${JSON.stringify(json, null, 1)}\n`;
}

function revisionJson({ sha256, commit }: Revision) {
  return { sha256, commit };
}

function pairJson({ access, tokenId }: TokenPair) {
  return { access, tokenId };
}

function repeatedJson({ access, resource, after, runs, hasBeenInPlace, contestedSince, triedAt }: RepeatedChange) {
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
