import type { GrantLevel } from '../../src/core/domain/account/access-level.ts';
import { principalText } from '../../src/core/domain/account/principal.ts';
import { resourceKey } from '../../src/core/domain/account/resource.ts';
import type { Notice, NoticeCode } from '../../src/core/domain/plan/notice.ts';
import type { Cause, Change, Deferred, Plan, Unmanageable } from '../../src/core/domain/plan/plan.ts';
import { NO_RESTRAINTS, type Restraints } from '../../src/core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../src/core/domain/policy/entitlement.ts';
import type { Instant } from '../../src/core/domain/text/instant.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { makePlan, type PlannedRun } from '../../src/run/reconcile/make-plan.ts';
import { type AccessSpec, type AccountSpec, buildAccount, type RowsSpec } from './account-builder.ts';
import { buildPolicy, type GrantSpec, type PolicySpec } from './policy-builder.ts';

export const NOW: Instant = Date.parse('2026-11-24T04:00:00Z');
export const ANN = 'ann@example.com';

export interface SmallWorld extends PlannedRun {
  readonly resolved: ResolvedPolicy;
}

/** A policy and an account through the real stages, with nothing remembered but what is given. */
export function smallWorld(
  policy: PolicySpec,
  account: AccountSpec = {},
  now: Instant = NOW,
  restraints: Partial<Restraints> = {},
): SmallWorld {
  const resolved = resolvePolicy(buildPolicy(policy));
  return { resolved, ...makePlan(resolved, buildAccount(account), now, { ...NO_RESTRAINTS, ...restraints }) };
}

/** What the policy gives somebody: levels by resource, as the policy spells it. */
export type EntitlementSpec = Readonly<Record<string, GrantLevel>>;

/** One grant for each resource, to one name. */
export function grantsOf(entitlements: EntitlementSpec, to: string | readonly string[] = ANN): readonly GrantSpec[] {
  return Object.entries(entitlements).map(([resource, level]) => ({ to, resource, level }));
}

export interface AnnSpec {
  readonly entitled?: EntitlementSpec;
  readonly held?: RowsSpec;
  readonly policy?: PolicySpec;
  readonly access?: Partial<AccessSpec>;
  readonly account?: AccountSpec;
}

/** Ann alone in the small account, whom one harmless grant names whatever else is asked for her. */
export function annAlone({ entitled = {}, held = {}, policy = {}, access = {}, account = {} }: AnnSpec): Plan {
  const grants = [...grantsOf(entitled), ...(policy.grants ?? []), NAMES_ANN];
  const accesses: readonly AccessSpec[] = [
    { access: 2, user: ANN, rows: held, ...access },
    ...(account.accesses ?? []),
  ];
  return smallWorld({ ...policy, grants }, { ...account, accesses }).plan;
}

/** It gives nothing today, so it only makes Ann somebody whom the policy names. */
export const NAMES_ANN: GrantSpec = { to: ANN, resource: 'project:#999', line: 79 };

/** `create project:#4001 0>10` */
export function changeText({ kind, resource, before, after }: Change): string {
  return `${kind} ${resourceKey(resource)} ${before}>${after}`;
}

/** As `changeText`, with whom it is about. */
export function changeOf(change: Change): string {
  return `${principalText(change.principal)} ${changeText(change)}`;
}

/** `remove project:#4001 10>0: relies-on-missing inbox:Checkout/Staging` */
export function deferredText({ change, reason, waitsFor }: Deferred): string {
  return `${changeText(change)}: ${reason} ${waitsFor}`;
}

/** `excess project:#4001 100/10: protected` */
export function unmanageableText({ kind, resource, actual, entitled, reason }: Unmanageable): string {
  return `${kind} ${resourceKey(resource)} ${actual}/${entitled}: ${reason}`;
}

/** `ended 52`: the kind of a cause, and the line of the policy. */
export function causeText(cause: Cause): string {
  return `${cause.kind} ${('at' in cause ? cause.at : cause.grant).line}`;
}

export function told(notices: readonly Notice[], code: NoticeCode): readonly string[] {
  return notices.filter((notice) => notice.code === code).map((notice) => notice.message);
}
