import type { Instant } from '../text/instant.ts';
import type { AccessRow } from './actual-state.ts';
import type { Principal } from './principal.ts';
import { type ResourceId, resourceKey } from './resource.ts';

/** What is known, for one API and one kind of principal: a PUT took nothing that it did not name. */
export interface PutProof {
  /** The base URL of the API. */
  readonly api: string;
  readonly kind: Principal['kind'];
  /** When a read last showed that the rows stayed that a PUT did not name. */
  readonly seenAt: Instant;
}

/** A PUT that may have taken rows that it does not name, before a read has shown whether it did. */
export interface OpenCanary {
  readonly api: string;
  readonly runId: string;
  readonly planDigest: string;
  readonly access: number;
  readonly kind: Principal['kind'];
  /** The id of a token, whose rows have a list of their own. Null for a person. */
  readonly tokenId: number | null;
  readonly sentAt: Instant;
  /** Whether Mailtrap answered the PUT. If not, it may never have left, and a later read proves nothing. */
  readonly isAnswered: boolean;
  /** The rows that the PUT names, with their levels after it; `none` for a removed one. */
  readonly written: readonly AccessRow[];
  /** The rows that it does not name, as they were before it. */
  readonly unnamed: readonly AccessRow[];
}

/** What grantd remembers of whether a PUT takes rows that it does not name. */
export interface PutMemory {
  readonly proofs: readonly PutProof[];
  readonly open: readonly OpenCanary[];
}

/** A PUT was seen to take every row that it did not name. While this is remembered, grantd writes nothing to the account. */
export interface PutReplaces {
  readonly account: number;
  /** Empty if the record is damaged. It counts all the same. */
  readonly api: string;
  /** Null if the record is damaged. */
  readonly foundAt: Instant | null;
  readonly runId: string;
  /** The account accesses that lost their rows. */
  readonly accesses: readonly number[];
  /** Who they are, and whether a read showed their rows again. Absent if the record is damaged or of an earlier version. */
  readonly holders?: readonly RowLoser[];
}

/** Who lost rows by a PUT. */
export interface RowLoser {
  readonly access: number;
  /** As `principalText`. */
  readonly name: string;
  readonly isBack: boolean;
}

/** The memory of an account before the first PUT. */
export const NO_PUTS: PutMemory = { proofs: [], open: [] };

/** The most proofs that grantd remembers: three kinds of principal, for some addresses of one API. */
export const PUT_PROOFS_MOST = 30;

/** The most open canaries of one account. While there are so many, grantd sends no further one. */
export const OPEN_CANARIES_MOST = 20;

/** The most rows that one PUT gives back. */
export const GIVEN_BACK_MOST = 100;

/** With one more proof, or a later time of one. The newest ones stay. */
export function withPutProof({ proofs, open }: PutMemory, proof: PutProof): PutMemory {
  const others = proofs.filter(({ api, kind }) => api !== proof.api || kind !== proof.kind);
  return { proofs: [proof, ...others].slice(0, PUT_PROOFS_MOST), open };
}

/** With one more open canary. An earlier one of the same access makes way. */
export function withOpenCanary(memory: PutMemory, canary: OpenCanary): PutMemory {
  return { ...memory, open: [...withoutOpenCanary(memory, canary).open, canary] };
}

/**
 * Once a later PUT names rows that an open canary did not, they say nothing of the canary any more, and must never be given back. The
 * same memory if there are none.
 */
export function withoutNamedRows(
  memory: PutMemory,
  { api, access }: Pick<OpenCanary, 'api' | 'access'>,
  named: readonly ResourceId[],
): PutMemory {
  const keys = new Set(named.map(resourceKey));
  const canary = memory.open.find((one) => one.api === api && one.access === access);
  const unnamed = canary?.unnamed.filter((row) => !keys.has(resourceKey(row)));
  if (canary === undefined || unnamed === undefined || unnamed.length === canary.unnamed.length) return memory;
  return unnamed.length === 0 ? withoutOpenCanary(memory, canary) : withOpenCanary(memory, { ...canary, unnamed });
}

/** How many rows open canaries did not name: as many may have to be given back. */
export function rowsLeftOpen(open: readonly OpenCanary[]): number {
  return open.reduce((sum, { unnamed }) => sum + unnamed.length, 0);
}

export function withoutOpenCanary({ proofs, open }: PutMemory, { api, access }: OpenCanary): PutMemory {
  return { proofs, open: open.filter((one) => one.api !== api || one.access !== access) };
}

/** Without what was proven of an API: a PUT took rows after all. */
export function withoutPutProofs({ proofs, open }: PutMemory, api: string): PutMemory {
  return { proofs: proofs.filter((proof) => proof.api !== api), open };
}

/** The kinds of principals for which it is proven. */
export function provenKinds({ proofs }: PutMemory, api: string): ReadonlySet<Principal['kind']> {
  return new Set(proofs.filter((proof) => proof.api === api).map(({ kind }) => kind));
}
