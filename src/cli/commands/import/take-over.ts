import { editPolicy } from '../../../core/document/edit-policy.ts';
import type { SourceText } from '../../../core/document/source-text.ts';
import { levelName } from '../../../core/domain/account/access-level.ts';
import type { ActualState } from '../../../core/domain/account/actual-state.ts';
import { nameOf, principalNameText } from '../../../core/domain/account/principal.ts';
import type { Change } from '../../../core/domain/plan/plan.ts';
import { NO_RESTRAINTS } from '../../../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import type { Instant } from '../../../core/domain/text/instant.ts';
import { type Checked, placeText } from '../../../core/domain/text/problem.ts';
import { narrowPolicy } from '../../../core/infer/narrow-policy.ts';
import type { Adoption } from '../../../core/infer/widen-policy.ts';
import { type PlannedDrift, widenPolicy } from '../../../core/infer/widen-policy.ts';
import { makePlan } from '../../../run/reconcile/make-plan.ts';
import { InvalidPolicy } from '../../line/invalid-policy.ts';

/** A policy that took over what the account holds, as far as that was possible. */
export interface TakenOver {
  readonly text: string;
  readonly done: readonly string[];
  /** What it still does not say, and why. */
  readonly left: readonly string[];
  /** How many rows still differ. */
  readonly differing: number;
}

/** What a policy is judged by. */
export interface World {
  readonly actual: ActualState;
  readonly now: Instant;
  readonly check: (source: SourceText) => Checked<ResolvedPolicy>;
}

/**
 * First what the policy gives too much is taken out, then what it lacks is added, then it is planned again: what an edit leads
 * to is judged by the plan and by nothing else. Throws \`InvalidPolicy\` where the text is none.
 */
export function takeOver(source: SourceText, world: World): TakenOver {
  const narrowed = step(source, world, narrowPolicy);
  const widened = step(narrowed.source, world, widenPolicy);
  const { plan } = driftOf(widened.source, world);
  const held = plan.held.flatMap((part) => part.changes);
  const differing = [...plan.changes, ...held, ...plan.deferred.map(({ change }) => change)];
  const left = [...narrowed.left, ...widened.left];
  return {
    text: widened.source.text,
    done: [...narrowed.done, ...widened.done],
    left: [...left, ...differing.flatMap((change) => unsaid(change, left))],
    differing: differing.length,
  };
}

/** A row that differs still and of which nothing was said. */
function unsaid({ principal, resource, before, after }: Change, left: readonly string[]): readonly string[] {
  const who = principalNameText(nameOf(principal));
  if (left.some((line) => line.startsWith(`${who} `) && line.includes(resource.label))) return [];
  return [`${who} holds ${levelName(before)} on ${resource.label}, and the policy gives ${levelName(after)}`];
}

interface Step {
  readonly source: SourceText;
  readonly done: readonly string[];
  readonly left: readonly string[];
}

function step(source: SourceText, world: World, adopt: (drift: PlannedDrift) => Adoption): Step {
  const { steps, left } = adopt(driftOf(source, world));
  const { text, undone } = editPolicy(
    source,
    steps.map(({ edit }) => edit),
  );
  const made = steps.filter(({ edit }) => !undone.includes(edit)).flatMap(({ says }) => says);
  const unmade = steps.filter(({ edit }) => undone.includes(edit)).flatMap(({ says }) => says);
  const without = unmade.map((line) => `not ${line}: its place in the file is not one that can be edited safely`);
  const edited = { ...source, text };
  const checked = world.check(edited);
  if (checked.ok) return { source: edited, done: made, left: [...left, ...without] };
  const [problem] = checked.problems;
  const why = problem ? `${problem.message} (${placeText(problem.at)} of the result)` : 'the result is invalid';
  return { source, done: [], left: [...left, ...without, ...made.map((line) => `not ${line}: ${why}`)] };
}

/** The plan in authoritative mode, whatever the file says: what is held otherwise shows only there. */
function driftOf(source: SourceText, { check, actual, now }: World): PlannedDrift & DriftPlan {
  const checked = check(source);
  if (!checked.ok) throw new InvalidPolicy(checked.problems, source);
  const { policy } = checked.value;
  const resolved: ResolvedPolicy = {
    ...checked.value,
    policy: { ...policy, mode: 'authoritative', unlisted: { ...policy.unlisted, answer: 'keep' } },
  };
  return { resolved, ...makePlan(resolved, actual, now, NO_RESTRAINTS) };
}

type DriftPlan = Pick<ReturnType<typeof makePlan>, 'plan'>;
