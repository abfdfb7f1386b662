import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { AccountSeed } from './seed.ts';
import { seedProblems } from './seed-problems.ts';

/** The seeds, or every error of the text, as `line:column: place: what is wrong; what to do`. */
export type LoadedSeeds = { readonly seeds: readonly AccountSeed[] } | { readonly errors: readonly string[] };

/** Far more aliases than a person writes. A text that expands to more is an attack or an accident. */
const ALIASES_MAX = 100;

let validateSeed: ValidateFunction<AccountSeed> | undefined;

/** Reads one account from YAML (or JSON, which is YAML). */
export function loadAccountSeed(text: string): { readonly seed: AccountSeed } | { readonly errors: readonly string[] } {
  const loaded = loadAccountSeeds(text);
  if ('errors' in loaded) return loaded;
  const [seed, ...others] = loaded.seeds;
  if (!seed || others.length > 0) {
    return {
      errors: [`1:1: ${loaded.seeds.length} accounts are listed; write exactly one, without a list around it.`],
    };
  }
  return { seed };
}

/** Like `loadAccountSeed`, for one account or a list of them. */
export function loadAccountSeeds(text: string): LoadedSeeds {
  return seedsOfJson(text) ?? seedsOfYaml(text);
}

/**
 * The seeds of a JSON text without problems. `undefined` for any other text, which the YAML parser reads, because it alone knows
 * places. For 32 MiB it needs minutes and 3 GB.
 */
function seedsOfJson(text: string): LoadedSeeds | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (keysIn(value) !== keysWritten(text)) return undefined;
    const checked = (Array.isArray(value) ? value : [value]).map(checkShape);
    const seeds = checked.flatMap((one) => ('seed' in one ? [one.seed] : []));
    return seeds.length === checked.length && seedProblems(seeds).length === 0 ? { seeds } : undefined;
  } catch {
    // No JSON, or nested too deeply.
    return undefined;
  }
}

/** How many keys a JSON text has. `JSON.parse` keeps one of those that are written twice. */
function keysWritten(text: string): number {
  let keys = 0;
  for (const [string] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*:?/g)) if (string.endsWith(':')) keys += 1;
  return keys;
}

function keysIn(value: unknown): number {
  let keys = 0;
  const open = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one !== 'object' || one === null) continue;
    if (!Array.isArray(one)) keys += Object.keys(one).length;
    for (const part of Object.values(one)) if (typeof part === 'object') open.push(part);
  }
  return keys;
}

function seedsOfYaml(text: string): LoadedSeeds {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) {
    return {
      errors: syntax.map(({ pos: [at], message }) => `${positionOf(lines, at)}: ${message}; fix the YAML.`),
    };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    return { errors: [`1:1: ${error instanceof Error ? error.message : String(error)}; write the aliases out.`] };
  }
  const candidates: readonly unknown[] = Array.isArray(value) ? value : [value];
  const prefix = Array.isArray(value) ? (index: number) => [String(index)] : () => [];
  const checked = candidates.map(checkShape);
  const errors = checked.flatMap((one, index) =>
    'errors' in one ? one.errors.map((error) => describe(error, prefix(index))) : [],
  );
  if (errors.length > 0) return { errors };
  const seeds = checked.flatMap((one) => ('seed' in one ? [one.seed] : []));
  const problems = seedProblems(seeds);
  if (problems.length === 0) return { seeds };
  return { errors: problems.map(({ path, message }) => at(path.split('/'), message)) };

  function describe(error: ErrorObject, before: readonly string[]): string {
    const path = [...before, ...error.instancePath.split('/').slice(1)];
    return at(path, messageOf(error));
  }

  function at(path: readonly string[], message: string): string {
    const place = path.length === 0 ? 'the seed' : path.join('/');
    return `${positionOf(lines, offsetOf(document, path))}: ${place}: ${message}`;
  }
}

function checkShape(value: unknown): { readonly seed: AccountSeed } | { readonly errors: readonly ErrorObject[] } {
  validateSeed ??= compileSchema();
  return validateSeed(value) ? { seed: value } : { errors: validateSeed.errors ?? [] };
}

/** The schemas are at the root of the package, as far from `src/simulator` as from `dist/simulator`. */
function compileSchema(): ValidateFunction<AccountSeed> {
  const file = new URL('../../schemas/account.v1.schema.json', import.meta.url);
  return new Ajv({ allErrors: true, allowUnionTypes: true }).compile<AccountSeed>(
    JSON.parse(readFileSync(file, 'utf8')),
  );
}

function messageOf({ keyword, message, params }: ErrorObject): string {
  switch (keyword) {
    case 'additionalProperties':
      return `${params['additionalProperty']} is unknown here; remove it, or check its spelling in schemas/account.v1.schema.json.`;
    case 'required':
      return `${params['missingProperty']} is missing; add it.`;
    case 'enum':
      return `must be one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}; write one of these.`;
    default:
      return `${message ?? 'is wrong'}; fix it.`;
  }
}

/** The offset of the deepest part of the path that exists in the text: a missing key is shown at its parent. */
function offsetOf(document: Document, path: readonly string[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length).map(asKey), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function asKey(segment: string): string | number {
  return /^\d+$/.test(segment) ? Number(segment) : segment;
}

function positionOf(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
}
