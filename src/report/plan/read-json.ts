import { type AccessLevel, LEVEL } from '../../core/domain/account/access-level.ts';
import type { Principal } from '../../core/domain/account/principal.ts';
import { type ResourceId, WRITABLE_TYPES } from '../../core/domain/account/resource.ts';
import { type AgreedChange, type AgreedHeld, agreedParts } from '../../core/domain/plan/agreed-parts.ts';
import { type ChangeKind, GUARD_RULES } from '../../core/domain/plan/plan.ts';
import type { AgreedPlan } from '../../core/domain/run/run-result.ts';
import { JsonReader } from '../../core/domain/text/json-reader.ts';
import { levelFromJson } from '../words/json.ts';
import { PLAN_JSON_VERSION, type PlanJson } from './json.ts';

const KINDS = ['create', 'raise', 'lower', 'remove'] as const satisfies readonly ChangeKind[];
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * Reads the changes and held parts of a saved plan, to compare them with those of a new one: grantd never executes it.
 * `savedDifferences` compares everything else.
 */
export function agreedFromJson(json: unknown): AgreedPlan | { readonly problems: readonly string[] } {
  const reader = new JsonReader();
  const plan = reader.object(json, '', ['version', 'digest', 'changes', 'held'], 'left');
  if ('version' in plan && plan['version'] !== PLAN_JSON_VERSION) {
    reader.report('version', `${JSON.stringify(plan['version'])} is unknown; this grantd reads ${PLAN_JSON_VERSION}`);
    return { problems: reader.problems.slice(-1) };
  }
  const digest = readDigest(reader, plan['digest'], 'digest');
  const changes = reader.list(plan['changes'], 'changes', (item, place) => readChange(reader, item, place));
  const held = reader.list(plan['held'], 'held', (item, place) => readHeld(reader, item, place));
  if (reader.problems.length > 0) return { problems: reader.problems };
  return { digest, parts: agreedParts(changes, held), approvedByHand: [] };
}

/** The labels of the resources of a saved plan that `agreedFromJson` could read, by `type:#id`. */
export function labelsFromJson(json: unknown): ReadonlyMap<string, string> {
  const { changes, held } = json as Pick<PlanJson, 'changes' | 'held'>;
  const resources = [...changes, ...held.flatMap((part) => part.changes)].map(({ resource }) => resource);
  return new Map(
    resources.flatMap(({ type, id, label }) => (typeof label === 'string' ? [[`${type}:#${id}`, label]] : [])),
  );
}

function readDigest(reader: JsonReader, value: unknown, place: string): string {
  if (typeof value === 'string' && !DIGEST.test(value)) reader.report(place, 'must be sha256: and 64 hex digits');
  return reader.text(value, place);
}

function readHeld(reader: JsonReader, value: unknown, place: string): AgreedHeld {
  const held = reader.object(value, place, ['digest', 'principal', 'rules', 'changes'], 'left');
  return {
    digest: readDigest(reader, held['digest'], `${place}.digest`),
    rules: reader.list(held['rules'], `${place}.rules`, (rule, at) => reader.oneOf(rule, at, GUARD_RULES)),
    changes: reader.list(held['changes'], `${place}.changes`, (item, at) => readChange(reader, item, at)),
  };
}

function readChange(reader: JsonReader, value: unknown, place: string): AgreedChange {
  const problemsBefore = reader.problems.length;
  const change = reader.object(value, place, ['kind', 'principal', 'resource', 'before', 'after'], 'left');
  const kind = reader.oneOf(change['kind'], `${place}.kind`, KINDS);
  const before = readLevel(reader, change['before'], `${place}.before`);
  const after = readLevel(reader, change['after'], `${place}.after`);
  if (reader.problems.length === problemsBefore && kind !== kindOf(before, after))
    reader.report(place, `is no ${kind}: before and after say ${kindOf(before, after)}`);
  const { principal, access } = readPrincipal(reader, change['principal'], `${place}.principal`);
  return {
    kind,
    principal,
    access,
    resource: readResource(reader, change['resource'], `${place}.resource`),
    before,
    after,
  };
}

function kindOf(before: AccessLevel, after: AccessLevel): ChangeKind {
  if (after > before) return before === LEVEL.none ? 'create' : 'raise';
  return after === LEVEL.none ? 'remove' : 'lower';
}

function readLevel(reader: JsonReader, value: unknown, place: string): AccessLevel {
  const level = levelFromJson(value);
  if (level === null && value !== undefined) reader.report(place, 'must be a level, or null for no row');
  return level ?? LEVEL.none;
}

function readPrincipal(
  reader: JsonReader,
  value: unknown,
  place: string,
): { readonly principal: Principal; readonly access: number } {
  const read = reader.object(value, place, ['kind', 'access'], 'left');
  const kind = reader.oneOf(read['kind'], `${place}.kind`, ['user', 'invite', 'token']);
  const access = reader.integer(read['access'], `${place}.access`);
  if (kind !== 'token')
    return { principal: { kind, email: reader.text(read['email'] ?? null, `${place}.email`) }, access };
  const name = reader.text(read['name'] ?? null, `${place}.name`);
  return { principal: { kind, name, tokenId: reader.integer(read['tokenId'] ?? null, `${place}.tokenId`) }, access };
}

function readResource(reader: JsonReader, value: unknown, place: string): ResourceId {
  const read = reader.object(value, place, ['type', 'id'], 'left');
  const id = reader.integer(read['id'], `${place}.id`);
  return { type: reader.oneOf(read['type'], `${place}.type`, WRITABLE_TYPES), id };
}
