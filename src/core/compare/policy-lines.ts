import { type PrincipalName, principalNameText, writtenName } from '../domain/account/principal.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import type { NamePattern } from '../domain/policy/name-pattern.ts';
import type {
  Approval,
  DeclaredToken,
  EmailPattern,
  NeverRule,
  PolicyTest,
  Requirement,
} from '../domain/policy/policy.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import type { Team } from '../domain/policy/team.ts';
import { refKey } from './entry.ts';

/** One line of a list. Lines with the same key are the same line; with an equal `meaning` they also say the same. */
export interface Line {
  readonly key: string;
  readonly text: string;
  readonly meaning: string | number;
  /** `meaning` in the words of the policy; empty if the line says no more than `text`. */
  readonly shown: string;
}

function plain(text: string): Line {
  return { key: text, text, meaning: '', shown: '' };
}

/** A principal. */
export function nameLine(name: PrincipalName): Line {
  return { ...plain(writtenName(name)), key: principalNameText(name) };
}

/** A pattern of e-mails. */
export function patternLine({ pattern }: EmailPattern): Line {
  return { ...plain(patternText(pattern)), key: pattern.text.replace(/\*+/g, '*') };
}

function patternText({ text, written }: NamePattern): string {
  return written ?? text;
}

/** A resource. */
export function resourceLine(ref: ResourceRef): Line {
  return { ...plain(ref.text), key: refKey(ref) };
}

/**
 * One line for each principal of a rule, so that a group is compared by who joins and who leaves. And one line for each level,
 * because a rule forbids its level and everything above.
 */
export function neverLines({ who, resource, level }: NeverRule, members: ResolvedPolicy['members']): readonly Line[] {
  const levels = level === 'viewer' ? ['viewer', 'admin'] : ['admin'];
  return whoLines(who, members).flatMap(({ key, text }) =>
    levels.map((forbidden) => ({
      ...plain(`${text} ${forbidden} on ${resource.text}`),
      key: `${key} ${forbidden} ${refKey(resource)}`,
    })),
  );
}

/**
 * One line for each thing that it asks for. If it is about a group, one for each member: nothing is asked any more of somebody who
 * leaves the group.
 */
export function requirementLines(rule: Requirement, members: ResolvedPolicy['members']): readonly Line[] {
  const { who, resource, level, text, reason, maxDays } = rule;
  const people = who === null ? [plain('')] : whoLines(who, members);
  return people.flatMap((one): readonly Line[] => {
    const about = who?.kind === 'group' ? `${text}, ${one.text}` : text;
    const key = `${one.key} ${level} ${resource === null ? '' : refKey(resource)}`;
    const asked = reason && { ...plain(`${about}: a reason like ${reason.text}`), key: `${key} ${reason.text}` };
    const days = { key: `${key} days`, text: about, meaning: maxDays ?? '', shown: `${maxDays} days at most` };
    return [...(asked ? [asked] : []), ...(maxDays === null ? [] : [days])];
  });
}

/** One line for each resource and level, because who may give admin may give viewer too. */
export function teamLines({ name, may, tokens, upTo }: Team): readonly Line[] {
  const levels = upTo === 'admin' ? ['viewer', 'admin'] : ['viewer'];
  const lines = may.flatMap((ref) =>
    levels.map((level) => ({
      ...plain(`team ${name}: ${level} on ${ref.text}`),
      key: `${name} ${level} ${refKey(ref)}`,
    })),
  );
  return [...lines, ...tokens.map((token) => plain(`team ${name}: token:${token}`))];
}

function whoLines(who: NeverRule['who'], members: ResolvedPolicy['members']): readonly Line[] {
  switch (who.kind) {
    case 'principal':
      return [nameLine(who.name)];
    case 'group':
      return (members.get(who.group) ?? []).map(nameLine);
    case 'emails':
      return [{ ...plain(patternText(who.pattern)), key: who.pattern.text }];
    case 'tokens':
      return [plain(`token:${who.pattern.text}`)];
  }
}

/** A declared token. */
export function tokenLine({ name, access, tokenId }: DeclaredToken): Line {
  const ids = `access ${access}, token ${tokenId}`;
  return { key: name, text: `token:${name}`, meaning: ids, shown: ids };
}

/** One line for each digest. */
export function approvalLines({ digests, until }: Approval): readonly Line[] {
  return digests.map((digest) => ({ key: digest, text: digest, meaning: until.at, shown: `until ${until.text}` }));
}

/** A test. */
export function testLine({ who, resource, expect, moment }: PolicyTest): Line {
  return {
    ...plain(`${writtenName(who)} ${expect} on ${resource.text}${moment === null ? '' : ` at ${moment.text}`}`),
    key: `${principalNameText(who)} ${expect} ${refKey(resource)} ${moment?.at}`,
  };
}
