import { editPolicy } from '../../../core/document/edit-policy.ts';
import type { PolicyTexts } from '../../../core/document/source-text.ts';
import { levelName } from '../../../core/domain/account/access-level.ts';
import type { ActualState } from '../../../core/domain/account/actual-state.ts';
import { nameOf, writtenName } from '../../../core/domain/account/principal.ts';
import type { Change } from '../../../core/domain/plan/plan.ts';
import { NO_RESTRAINTS } from '../../../core/domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import type { Instant } from '../../../core/domain/text/instant.ts';
import { type Checked, placeText } from '../../../core/domain/text/problem.ts';
import { counted } from '../../../core/domain/text/text.ts';
import { narrowPolicy } from '../../../core/infer/narrow-policy.ts';
import type { Adoption } from '../../../core/infer/widen-policy.ts';
import { type PlannedDrift, widenPolicy } from '../../../core/infer/widen-policy.ts';
import { makePlan } from '../../../run/reconcile/make-plan.ts';
import { InvalidPolicy } from '../../line/errors.ts';

/** A policy that was changed to say what the account has, as far as possible. */
export interface TakenOver {
  readonly source: PolicyTexts;
  readonly done: readonly string[];
  /** What it still does not say, and why. */
  readonly left: readonly string[];
  /** How many rows still differ. */
  readonly differing: number;
  /** How many rows differ that the policy observes. */
  readonly observed: number;
}

/** What the policy is compared with, and how a text is checked. */
export interface TakeOverInput {
  readonly actual: ActualState;
  readonly now: Instant;
  readonly check: (source: PolicyTexts) => Checked<ResolvedPolicy>;
}

/** Each edit can make room for another: no list may become empty, and accesses of one e-mail change together. */
const ROUNDS_MOST = 5;

/**
 * Removes what the policy grants beyond the account, then adds what it lacks, until neither finds anything; then plans again: only
 * a plan shows what an edit leads to. Throws `InvalidPolicy` if the text is invalid.
 */
export function takeOver(source: PolicyTexts, input: TakeOverInput): TakenOver {
  const done: string[] = [];
  let last = round(source, input);
  for (let rounds = 1; last.done.length > 0 && rounds < ROUNDS_MOST; rounds += 1) {
    done.push(...last.done);
    last = round(last.source, input);
  }
  const { plan } = driftOf(last.source, input);
  const held = plan.held.flatMap((part) => part.changes);
  const differing = [...plan.changes, ...held, ...plan.deferred.map(({ change }) => change)];
  return {
    source: last.source,
    done: [...done, ...last.done],
    left: [...last.left, ...differing.flatMap((change) => unsaid(change, last.left)), ...observedLine(plan.observed)],
    differing: differing.length,
    observed: plan.observed.length,
  };
}

function round(source: PolicyTexts, input: TakeOverInput): Step {
  const narrowed = step(source, input, narrowPolicy);
  const widened = step(narrowed.source, input, widenPolicy);
  return {
    source: widened.source,
    done: [...narrowed.done, ...widened.done],
    left: [...narrowed.left, ...widened.left],
  };
}

/** What `observe` lists is a plan of the author. To take the account over there would undo it. */
function observedLine({ length }: readonly Change[]): readonly string[] {
  return length === 0
    ? []
    : [`${counted(length, 'row')} that \`observe\` lists: the policy goes on to plan what differs`];
}

/** A row that still differs and that no line of `left` mentions. */
function unsaid({ principal, resource, before, after }: Change, left: readonly string[]): readonly string[] {
  const who = writtenName(nameOf(principal));
  if (left.some((line) => line.startsWith(`${who} `) && line.includes(resource.label))) return [];
  return [`${who} has ${levelName(before)} on ${resource.label}, and the policy grants ${levelName(after)}`];
}

interface Step {
  readonly source: PolicyTexts;
  readonly done: readonly string[];
  readonly left: readonly string[];
}

function step(source: PolicyTexts, input: TakeOverInput, adopt: (drift: PlannedDrift) => Adoption): Step {
  const { steps, left } = adopt(driftOf(source, input));
  const { source: edited, undone } = editPolicy(
    source,
    steps.map(({ edit }) => edit),
  );
  const made = steps.filter(({ edit }) => !undone.includes(edit)).flatMap(({ says }) => says);
  const unmade = steps.filter(({ edit }) => undone.includes(edit)).flatMap(({ says }) => says);
  const without = unmade.map((line) => `not ${line}: grantd cannot safely edit its place in the file`);
  const checked = input.check(edited);
  if (checked.ok) return { source: edited, done: made, left: [...left, ...without] };
  const [problem] = checked.problems;
  const why = problem ? `${problem.message} (${placeText(problem.at)} of the result)` : 'the result is invalid';
  return { source, done: [], left: [...left, ...without, ...made.map((line) => `not ${line}: ${why}`)] };
}

/** The plan in authoritative mode, whatever the file says: only that mode shows access beyond the policy. */
function driftOf(source: PolicyTexts, { check, actual, now }: TakeOverInput): PlannedDrift & DriftPlan {
  const checked = check(source);
  if (!checked.ok) throw new InvalidPolicy(checked.problems, source);
  const { policy } = checked.value;
  const resolved: ResolvedPolicy = {
    ...checked.value,
    policy: { ...policy, mode: 'authoritative', unlisted: { ...policy.unlisted, revoke: 'nobody' } },
  };
  return { resolved, ...makePlan(resolved, actual, now, NO_RESTRAINTS) };
}

type DriftPlan = Pick<ReturnType<typeof makePlan>, 'plan'>;
