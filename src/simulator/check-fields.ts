import { isRequestObject } from './api-call.ts';

/** Says what is expected instead of a value; `undefined` if the value is valid. */
export type Rule = (value: unknown) => string | undefined;

/** The fields that an object must and may have. */
export interface Fields {
  readonly required: Readonly<Record<string, Rule>>;
  readonly optional: Readonly<Record<string, Rule>>;
}

/** An integer within a range. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Rule {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return (value) =>
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max ? undefined : `an integer ${range}`;
}

/** A number from 0 to 1. */
export function fraction(value: unknown): string | undefined {
  return typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'a number from 0 to 1';
}

/** A text that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? undefined : 'a text that is not empty';
}

/** One of a few values. */
export function oneOfValues(...values: readonly unknown[]): Rule {
  const expected = `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`;
  return (value) => (values.includes(value) ? undefined : expected);
}

/** A value that fits one of several rules. */
export function either(...rules: readonly Rule[]): Rule {
  return (value) => {
    const expected = rules.map((rule) => rule(value));
    return expected.includes(undefined) ? undefined : expected.join(', or ');
  };
}

/** An object of these fields and no others. */
export function objectOf(fields: Fields): Rule {
  const expected = `an object of ${[...Object.keys(fields.required), ...Object.keys(fields.optional)].join(', ')}`;
  return (value) => (isRequestObject(value) && checkFields(value, '', fields).length === 0 ? undefined : expected);
}

/** A list in which every item fits a rule. */
export function listOf(rule: Rule): Rule {
  return (value) => {
    if (!Array.isArray(value)) return 'a list';
    const expected = value.map(rule).find((problem) => problem !== undefined);
    return expected === undefined ? undefined : `a list in which each item is ${expected}`;
  };
}

/** Every problem of the fields of an object, with its place and what to write instead. */
export function checkFields(
  value: Readonly<Record<string, unknown>>,
  where: string,
  fields: Fields,
): readonly string[] {
  const prefix = where === '' ? '' : `${where}.`;
  const rules: Readonly<Record<string, Rule>> = { ...fields.optional, ...fields.required };
  const problems: string[] = [];
  for (const name of Object.keys(fields.required)) {
    if (value[name] === undefined)
      problems.push(`${prefix}${name} is missing; write ${fields.required[name]?.(undefined)}.`);
  }
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    if (!Object.hasOwn(rules, name)) {
      problems.push(`${prefix}${name} is unknown; the fields here are ${Object.keys(rules).sort().join(', ')}.`);
      continue;
    }
    const expected = rules[name]?.(field);
    if (expected !== undefined) problems.push(`${prefix}${name} is ${JSON.stringify(field)}; write ${expected}.`);
  }
  return problems;
}
