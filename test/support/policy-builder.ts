import type { GrantLevel } from '../../src/core/domain/account/access-level.ts';
import { emailName, toEmailPattern } from '../../src/core/domain/account/email.ts';
import type { PrincipalName } from '../../src/core/domain/account/principal.ts';
import { toNamePattern } from '../../src/core/domain/policy/name-pattern.ts';
import type {
  Grant,
  GrantedResource,
  Limits,
  MemberRef,
  Mode,
  NeverWho,
  Policy,
  UnlistedRule,
} from '../../src/core/domain/policy/policy.ts';
import type { ResourceRef, ResourceSelector } from '../../src/core/domain/policy/resource-ref.ts';
import type { WrittenInstant } from '../../src/core/domain/text/instant.ts';
import type { Place } from '../../src/core/domain/text/problem.ts';

/** One entry of `grants`, in the words of a policy. `line` is where it stands; by default the next free line. */
export interface GrantSpec {
  readonly to: string | readonly string[];
  readonly role?: string;
  readonly resource?: string | readonly string[];
  readonly level?: GrantLevel;
  readonly except?: readonly string[];
  readonly from?: string;
  readonly until?: string;
  readonly reason?: string;
  readonly line?: number;
}

/** A policy in few words; what is left out is as harmless as it can be. */
export interface PolicySpec {
  readonly file?: string;
  readonly account?: number;
  readonly mode?: Mode;
  readonly protected?: readonly string[];
  readonly limits?: Partial<Omit<Limits, 'at'>>;
  readonly manage?: readonly string[];
  readonly ignore?: readonly string[];
  readonly observe?: readonly string[];
  /** `revoke`, or the e-mail patterns of `{ revoke: […] }`. */
  readonly unlisted?: 'keep' | 'revoke' | readonly string[];
  readonly never?: readonly { readonly who: string; readonly resource: string; readonly level: GrantLevel }[];
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly ends?: Readonly<Record<string, string>>;
  readonly tokens?: Readonly<Record<string, { readonly access: number; readonly token: number }>>;
  readonly roles?: Readonly<Record<string, readonly (readonly [resource: string, level: GrantLevel])[]>>;
  readonly grants?: readonly GrantSpec[];
  readonly approvals?: readonly { readonly digests: readonly string[]; readonly until: string }[];
  readonly paused?: boolean;
}

/**
 * A valid `Policy` made without its text. Every entry gets a line of its own: `protected` 6, groups from 11, ends from 21, tokens from
 * 31, roles from 41, grants from 51, rules from 81, approvals from 91; so a test can tell by the line what a reason points at.
 */
export function buildPolicy(spec: PolicySpec): Policy {
  const file = spec.file ?? 'policy.yaml';
  const at = (line: number): Place => ({ file, line, column: 3, length: 1 });
  const ref = (text: string, line: number) => buildRef(text, at(line));
  const refs = (texts: readonly string[], line: number) => texts.map((text) => ref(text, line));
  const listed = (texts: readonly string[] = [], line: number) => ({
    people: texts.filter((text) => text.includes('@')).map((text) => ({ pattern: toEmailPattern(text), at: at(line) })),
    resources: refs(
      texts.filter((text) => !text.includes('@')),
      line,
    ),
  });
  const entries = <T>(record: Readonly<Record<string, T>> | undefined, line: number) =>
    Object.entries(record ?? {}).map(([name, value], index) => ({ name, value, at: at(line + index) }));
  const limits = {
    revokes: { principals: 50, percent: 100 },
    gains: { principals: 50, percent: null },
    admins: 1,
    newAdmins: 50,
    ...spec.limits,
  };
  return {
    file,
    teams: [],
    account: spec.account ?? 3229,
    mode: spec.mode ?? 'authoritative',
    protected: (spec.protected ?? []).map((text) => ({ ...toName(text), at: at(6) })),
    limits: { ...limits, at: at(5) },
    manage: spec.manage ? refs(spec.manage, 7) : null,
    ignore: listed(spec.ignore, 8),
    observe: listed(spec.observe, 10),
    unlisted: { revoke: toRevoke(spec.unlisted ?? 'keep', at(9)), at: at(9) },
    require: [],
    never: (spec.never ?? []).map(({ who, resource, level }, index) => ({
      who: toWho(who),
      whoText: who,
      resource: ref(resource, 81 + index),
      level,
      at: at(81 + index),
    })),
    groups: entries(spec.groups, 11).map(({ name, value, at: place }) => ({
      name,
      members: value.map((member) => toMember(member, place)),
      at: place,
    })),
    ends: entries(spec.ends, 21).map(({ name, value, at: place }) => ({
      ...emailName(name),
      end: writtenInstant(value, 'end'),
      at: place,
    })),
    tokens: entries(spec.tokens, 31).map(({ name, value, at: place }) => ({
      name,
      access: value.access,
      tokenId: value.token,
      at: place,
    })),
    roles: entries(spec.roles, 41).map(({ name, value, at: place }) => ({
      name,
      resources: value.map(([text, level]): GrantedResource => ({ resource: buildRef(text, place), level })),
      at: place,
    })),
    grants: (spec.grants ?? []).map((grant, index) => toGrant(grant, at(grant.line ?? 51 + index))),
    tests: [],
    approvals: (spec.approvals ?? []).map(({ digests, until }, index) => ({
      digests,
      until: writtenInstant(until, 'end'),
      at: at(91 + index),
    })),
    paused: spec.paused ?? false,
  };
}

function toGrant(spec: GrantSpec, at: Place): Grant {
  const level = spec.level ?? 'viewer';
  return {
    to: [spec.to].flat().map((member) => toMember(member, at)),
    gives:
      spec.role === undefined
        ? { resources: [spec.resource ?? []].flat().map((text) => ({ resource: buildRef(text, at), level })) }
        : { role: spec.role, at },
    except: (spec.except ?? []).map((text) => buildRef(text, at)),
    from: spec.from === undefined ? null : writtenInstant(spec.from, 'begin'),
    until: spec.until === undefined ? null : writtenInstant(spec.until, 'end'),
    reason: spec.reason ?? null,
    team: null,
    at,
  };
}

function toMember(text: string, at: Place): MemberRef {
  return { member: text.startsWith('group:') ? { group: text.slice(6) } : toName(text), at };
}

function toName(text: string): PrincipalName {
  return text.startsWith('token:') ? { token: text.slice(6) } : emailName(text);
}

function toWho(text: string): NeverWho {
  if (text.startsWith('group:')) return { kind: 'group', group: text.slice(6) };
  if (!text.includes('*')) return { kind: 'principal', name: toName(text) };
  if (text.startsWith('token:')) return { kind: 'tokens', pattern: toNamePattern(text.slice(6)) };
  return { kind: 'emails', pattern: toEmailPattern(text) };
}

/** A bare date begins at 00:00 UTC and ends with its day. */
function writtenInstant(text: string, side: 'begin' | 'end'): WrittenInstant {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text);
  return { at: Date.parse(text) + (isDate && side === 'end' ? 24 * 60 * 60 * 1000 : 0), text };
}

/** A resource as a policy writes it. */
export function buildRef(
  text: string,
  at: Place = { file: 'policy.yaml', line: 1, column: 1, length: 1 },
): ResourceRef {
  return { text, selector: toSelector(text), at };
}

function toSelector(text: string): ResourceSelector {
  if (text === 'account') return { type: text };
  if (text === 'billing' || text === 'campaigns') return { type: text };
  const [type = '', rest = ''] = text.split(/:(.*)/s);
  const id = /^#(\d+)$/.exec(rest)?.[1];
  if (id !== undefined && (type === 'project' || type === 'inbox' || type === 'domain'))
    return { type, id: Number(id) };
  if (type === 'project' || type === 'domain') return { type, name: toNamePattern(rest) };
  const [project = '', name] = rest.split('/');
  if (type !== 'inbox' || name === undefined) throw new Error(`no resource: ${text}`);
  return { type, project: toNamePattern(project), name: toNamePattern(name) };
}

function toRevoke(unlisted: NonNullable<PolicySpec['unlisted']>, at: Place): UnlistedRule['revoke'] {
  if (unlisted === 'keep') return 'nobody';
  if (unlisted === 'revoke') return 'everyone';
  return unlisted.map((text) => ({ pattern: toEmailPattern(text), at }));
}
