import type { WritableType } from '../account/resource.ts';
import type { Place } from '../text/problem.ts';
import { isExact, type NamePattern } from './name-pattern.ts';

/** How a policy names resources: by type alone, by id, or by name. An inbox needs the name of its project too. */
export type ResourceSelector =
  | { readonly type: 'account' }
  | { readonly type: 'billing' | 'campaigns' }
  | { readonly type: Exclude<WritableType, 'account'>; readonly id: number }
  | { readonly type: 'project' | 'domain'; readonly name: NamePattern }
  | { readonly type: 'inbox'; readonly project: NamePattern; readonly name: NamePattern };

/** A resource in the policy: `text` is its spelling, `selector` its meaning. */
export interface ResourceRef {
  readonly text: string;
  readonly selector: ResourceSelector;
  readonly at: Place;
  /** The comment behind an id, without its #. People write the name there, and so does `grantd import`. */
  readonly comment?: string;
}

/** True for a name without `*`, `billing` and `campaigns`. It must match exactly one resource; otherwise it is unresolved. */
export function mustMatchOne(selector: ResourceSelector): boolean {
  if ('id' in selector || selector.type === 'account') return false;
  if (selector.type === 'inbox') return isExact(selector.project) && isExact(selector.name);
  return 'name' in selector ? isExact(selector.name) : true;
}

/** Whether the selector contains a `*`. */
export function isPattern(selector: ResourceSelector): boolean {
  return ('name' in selector && !isExact(selector.name)) || ('project' in selector && !isExact(selector.project));
}
