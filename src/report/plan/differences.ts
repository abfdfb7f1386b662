import type { Plan } from '../../core/domain/plan/plan.ts';
import type { Json } from '../../core/domain/text/canonical-json.ts';
import { boundedText, visibleText } from '../../core/domain/text/text.ts';
import { type PlanJson, planToJson } from './json.ts';

/** What only a memory decides, and what only the moment moves. A plan that is made without it is the same plan. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['cause', 'ahead']);

/**
 * How a part could be approved: the day that the line suggests, and the flags of the command behind its digest, depend on when and
 * how grantd was called.
 */
const OF_THE_CALL: Readonly<Record<string, RegExp>> = {
  approvalLine: /, until: \d{4}-\d\d-\d\d(?= \}$)/,
  approve:
    /(?<= --approve sha256:[0-9a-f]{64})(?: --(?:audit-log|state-dir|state-config-map) (?:'(?:[^']|'\\'')*'|[^\s']+))+$/,
};

/** How much of a value is shown, in characters. */
const VALUE_CHARACTERS = 60;

/** The parts of a plan that a person agrees to by `yes`. What else the account shows may change meanwhile. */
const ASKED: readonly (keyof PlanJson)[] = ['account', 'mode', 'changes', 'held'];

/** The parts of a saved plan of 0.1.0 that still have the same shape. */
const SINCE_010: readonly (keyof PlanJson)[] = [
  ...ASKED,
  'digest',
  'approved',
  'absent',
  'upcoming',
  'idle',
  'redundant',
  'ended',
];

/**
 * Compares a saved plan with a new one: a line for each part that is not the same, such as `changes[0].resource.label: "a" was
 * agreed to, and now it is "b"`. What only a memory decides is not compared. All lines of the policy may have moved as one, as by
 * a comment above them.
 */
export function savedDifferences(saved: unknown): (plan: Plan) => readonly string[] {
  const isOf010 = isObject(saved as Json) && 'strangers' in (saved as object);
  const then = isOf010 ? in010Words(saved) : (saved as Json);
  return (plan) => differencesIn(isOf010 ? SINCE_010 : null, then, plan);
}

/** Compares the plan that a person said `yes` to with a later one. */
export function askedDifferences(asked: Plan): (plan: Plan) => readonly string[] {
  return (plan) => differencesIn(ASKED, asJson(planToJson(asked)), plan);
}

/** 0.1.0 called the unlisted strangers. */
function in010Words(saved: unknown): Json {
  return JSON.parse(JSON.stringify(saved), (key, value) =>
    key === 'kind' && value === 'stranger' ? 'unlisted' : value,
  );
}

function differencesIn(parts: readonly string[] | null, then: Json, plan: Plan): readonly string[] {
  const pick = (json: Json) =>
    Object.fromEntries(Object.entries(json ?? {}).filter(([key]) => parts === null || parts.includes(key)));
  const all = [...differences(pick(then), pick(asJson(planToJson(plan))), '')];
  const moves = new Set(all.map(({ moved }) => moved).filter((moved) => moved !== null));
  const haveMovedAsOne = moves.size <= 1;
  return all.filter(({ moved }) => moved === null || (moved !== 0 && !haveMovedAsOne)).map(differenceText);
}

/** One part with its two values. `moved`: for a line of the policy by how many lines it has moved, else null. */
interface Difference {
  readonly path: string;
  readonly agreed: string;
  readonly now: string;
  readonly moved: number | null;
}

function differenceText({ path, agreed, now }: Difference): string {
  return visibleText(`${path}: ${agreed} was agreed to, and now it is ${now}`);
}

/** As it would be read back. */
function asJson(value: PlanJson): Json {
  return JSON.parse(JSON.stringify(value));
}

/** Everything that differs, and every line of the policy. A text that was moved as a whole gives the same reasons. */
function* differences(then: Json | undefined, now: Json | undefined, path: string): Generator<Difference> {
  if (Array.isArray(then) && Array.isArray(now) && then.length === now.length) {
    for (const [index, item] of then.entries()) yield* differences(item, now[index], `${path}[${index}]`);
  } else if (isObject(then) && isObject(now)) {
    for (const key of new Set([...Object.keys(then), ...Object.keys(now)])) {
      const below = path === '' ? key : `${path}.${key}`;
      if (!NOT_COMPARED.has(key)) yield* differences(ofAnyCall(key, then[key]), ofAnyCall(key, now[key]), below);
    }
  } else if (path.endsWith('.line') && typeof then === 'number' && typeof now === 'number')
    yield { path, agreed: String(then), now: String(now), moved: now - then };
  else if (then !== now) yield { path, agreed: valueText(then), now: valueText(now), moved: null };
}

function ofAnyCall(key: string, value: Json | undefined): Json | undefined {
  const own = OF_THE_CALL[key];
  return own !== undefined && typeof value === 'string' ? value.replace(own, '') : value;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueText(value: Json | undefined): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return value === undefined ? 'nothing' : boundedText(JSON.stringify(value), VALUE_CHARACTERS);
}
