import { createHash } from 'node:crypto';
import type { Change, GuardRule, HeldPart } from '../domain/plan/plan.ts';
import type { BoundChange } from '../domain/plan/restraints.ts';
import type { Mode } from '../domain/policy/policy.ts';
import { canonicalJson, type Json } from '../domain/text/canonical-json.ts';

/** The parts of a change that a digest binds. */
interface DigestedChange extends BoundChange, Pick<Change, 'access'> {}

/**
 * The digest of one principal's held changes. It binds the account, the rules that hold them, and each change as
 * (access, resource, before, after), and nothing else. An unrelated change of the policy does not void it.
 */
export function partDigest(account: number, rules: readonly GuardRule[], changes: readonly DigestedChange[]): string {
  return sha256({ account, rules: [...rules].sort(), changes: changes.map(bindChange) });
}

/** The digest of a whole plan: its changes, and the digests of its held parts. */
export function planDigest(
  account: number,
  mode: Mode,
  changes: readonly Change[],
  held: readonly Pick<HeldPart, 'digest'>[],
): string {
  return sha256({ account, mode, changes: changes.map(bindChange), held: held.map((part) => part.digest) });
}

function bindChange({ access, resource, before, after }: DigestedChange): Json {
  return [access, resource.type, resource.id, before, after];
}

function sha256(value: Json): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}
