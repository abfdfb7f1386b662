import type { AccountMemory, WrittenChange } from '../../core/domain/account/account-memory.ts';
import type { BegunPart, TokenPair } from '../../core/domain/plan/restraints.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { accessMemoryJson } from './access-memory-json.ts';
import { spentJson, stayingJson } from './approvals-json.ts';
import { knownEndsJson } from './known-ends-json.ts';
import { putsJson } from './put-memory-json.ts';

/** The version of the format; another one means another shape. */
export const STATE_VERSION = 1;

/** grantd neither writes nor reads a larger file. Ten thousand written changes are smaller. */
export const STATE_BYTES_MAX = 4 * 2 ** 20;

/**
 * The memory of an account as the text of a file (schemas/state.v1.schema.json). Equal memories give equal texts, and each
 * pair and change has its own line.
 */
export function encodeMemory(memory: AccountMemory): string {
  const { account, policy, pausedSince, superseded, provenPairs, disprovenPairs, written, begun } = memory;
  const { spent, staying, knownEnds, puts } = memory;
  return [
    `{"version":${STATE_VERSION},`,
    `"account":${account},`,
    `"policy":${JSON.stringify(policyJson(policy))},`,
    `"pausedSince":${JSON.stringify(pausedSince === null ? null : instantText(pausedSince))},`,
    `"superseded":${linesOf(superseded.map(({ sha256, commit }) => ({ sha256, commit })))},`,
    `"provenPairs":${linesOf(provenPairs.map(pairJson))},`,
    `"disprovenPairs":${linesOf(disprovenPairs.map(pairJson))},`,
    `"written":${linesOf(written.map(writtenJson))},`,
    `"begun":${linesOf(begun.map(begunJson))},`,
    `"spent":${linesOf(spent.map(spentJson))},`,
    `"staying":${linesOf(staying.map(stayingJson))},`,
    `"knownEnds":${linesOf(knownEndsJson(knownEnds))},`,
    `"remembered":${JSON.stringify(accessMemoryJson(memory))},`,
    `"puts":${JSON.stringify(putsJson(puts))}}`,
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

function writtenJson(change: WrittenChange): unknown {
  const { access, resource, after, writtenAt, hasBeenInPlace, contestedSince, triedAt } = change;
  return {
    access,
    resource: { type: resource.type, id: resource.id },
    after,
    writtenAt: writtenAt.map(instantText),
    hasBeenInPlace,
    contestedSince: contestedSince === null ? null : instantText(contestedSince),
    triedAt: instantText(triedAt),
  };
}

function begunJson({ digest, rules, access, changes }: BegunPart): unknown {
  return {
    digest,
    rules,
    access,
    changes: changes.map(({ resource: { type, id }, before, after, isDone }) => ({
      resource: { type, id },
      before,
      after,
      ...(isDone ? { isDone } : {}),
    })),
  };
}

function linesOf(items: readonly unknown[]): string {
  return items.length === 0 ? '[]' : `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
}
