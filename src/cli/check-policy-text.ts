import type { SourceText } from '../document/source-text.ts';
import type { Checked } from '../domain/problem.ts';
import type { ResolvedPolicy } from '../domain/wish.ts';
import { resolvePolicy } from '../resolve/resolve-policy.ts';
import { validate } from './open-policy.ts';

/** A policy's text, validated and resolved: everything that needs neither account nor clock. */
export async function checkPolicyText(source: SourceText): Promise<Checked<ResolvedPolicy>> {
  const checked = await validate(source);
  return checked.ok ? { ...checked, value: resolvePolicy(checked.value) } : checked;
}
