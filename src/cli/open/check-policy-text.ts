import type { SourceText } from '../../core/document/source-text.ts';
import type { ResolvedPolicy } from '../../core/domain/policy/entitlement.ts';
import type { Checked } from '../../core/domain/text/problem.ts';
import { resolvePolicy } from '../../core/resolve/resolve-policy.ts';
import { validator } from './policy.ts';

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
