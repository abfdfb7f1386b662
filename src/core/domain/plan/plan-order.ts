import { LEVEL } from '../account/access-level.ts';
import { comparePrincipals, type Principal } from '../account/principal.ts';
import { compareText } from '../text/text.ts';
import type { Change } from './plan.ts';
import type { PlanResource } from './plan-resource.ts';

interface OfPrincipal {
  readonly principal: Principal;
  readonly access: number;
}

/** The order of a plan's lists: by principal, then by resource. The order of the inputs does not matter. */
export function compareItems(
  a: OfPrincipal & { readonly resource: PlanResource },
  b: OfPrincipal & { readonly resource: PlanResource },
): number {
  return compareOwners(a, b) || compareResources(a.resource, b.resource);
}

/** Sorts by principal, then by account access id. */
export function compareOwners(a: OfPrincipal, b: OfPrincipal): number {
  return comparePrincipals(a.principal, b.principal) || a.access - b.access;
}

/**
 * Sorts changes by principal. Within one principal raises come first: if grantd stops halfway, no one has less access
 * than both before and after the run.
 */
export function compareChanges(a: Change, b: Change): number {
  return compareOwners(a, b) || rank(a) - rank(b) || compareResources(a.resource, b.resource);
}

function rank(change: Change): number {
  if (change.after > change.before) return 0;
  return change.after === LEVEL.none ? 2 : 1;
}

function compareResources(a: PlanResource, b: PlanResource): number {
  return compareText(a.label, b.label) || compareText(a.type, b.type) || a.id - b.id;
}
