import { placeText } from '../text/problem.ts';
import type { ApprovedBy } from './approved-by.ts';
import type { HeldPart } from './plan.ts';

/** Who approved a part: `policy.yaml:12:5, until 2026-12-31`, or `root with --approve`. */
export function approvalText(by: ApprovedBy): string {
  if (by.kind === 'policy') return `${placeText(by.at)}, until ${by.until.text}`;
  return by.user === null ? '--approve' : `${by.user} with --approve`;
}

/** The line that approves a held part under `approvals:` of the policy. Null if no approval can release it. */
export function approvalLine({ digest, approvalUntil }: Pick<HeldPart, 'digest' | 'approvalUntil'>): string | null {
  return approvalUntil === null ? null : `- { digests: ["${digest}"], until: ${approvalUntil} }`;
}
