import type { SourceText } from '../document/source-text.ts';
import type { Checked } from '../domain/problem.ts';
import type { ResolvedPolicy } from '../domain/wish.ts';
import { resolvePolicy } from '../resolve/resolve-policy.ts';
import { validator } from './open-policy.ts';

/** A policy's text, validated and resolved: everything that needs neither account nor clock. */
export async function checkPolicyText(source: SourceText): Promise<Checked<ResolvedPolicy>> {
  return (await policyTextCheck())(source);
}

/** As `checkPolicyText`, for several texts one after the other. */
export async function policyTextCheck(): Promise<(source: SourceText) => Checked<ResolvedPolicy>> {
  const validateText = await validator();
  return (source) => {
    const checked = validateText(source);
    return checked.ok ? { ...checked, value: resolvePolicy(checked.value) } : checked;
  };
}
