import type { PrincipalName } from '../../../src/core/domain/account/principal.ts';
import type { ResourceNode, ResourceTree } from '../../../src/core/domain/account/resource-tree.ts';
import type { Policy } from '../../../src/core/domain/policy/policy.ts';
import { declaredRows, effective, isNamed, takesUnlisted } from '../../support/oracle.ts';

/** One policy and one person at one moment, judged by the oracle that shares no stage with grantd. */
export class Entitlements {
  readonly #policy: Policy;
  readonly #tree: ResourceTree;
  readonly #name: PrincipalName;
  readonly #now: number;

  constructor(policy: Policy, tree: ResourceTree, name: PrincipalName, now: number) {
    this.#policy = policy;
    this.#tree = tree;
    this.#name = name;
    this.#now = now;
  }

  get isNamed(): boolean {
    return isNamed(this.#policy, this.#name, this.#now);
  }

  get isProtected(): boolean {
    return this.#policy.protected.some((one) => JSON.stringify(one) === JSON.stringify(this.#name));
  }

  level(node: ResourceNode, now = this.#now): number {
    return effective(declaredRows(this.#policy, this.#name, this.#tree, now), node);
  }

  /** Whether the policy may take anything from this person at all. */
  get mayTake(): boolean {
    if (this.#policy.mode !== 'authoritative' || this.isProtected) return false;
    return this.isNamed || ('email' in this.#name && takesUnlisted(this.#policy, this.#name.email));
  }

  /** Whether a level there is theirs no more because an end has come. */
  hasEnded(node: ResourceNode, had: number): boolean {
    const name = this.#name;
    const { ends, grants } = this.#policy;
    if ('email' in name && ends.some(({ email, end }) => email === name.email && end.at <= this.#now)) return true;
    // A 50 cannot be expressed, and stays wherever viewer is entitled.
    const least = had === 50 ? 10 : had;
    return grants.some(
      ({ until }) => until !== null && until.at <= this.#now && this.level(node, until.at - 1) >= least,
    );
  }
}
