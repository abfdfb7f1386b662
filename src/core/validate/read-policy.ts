import { type DocumentNode, entryOf, type MapNode, valueAt } from '../document/document-node.ts';
import { nearest } from '../document/suggest.ts';
import {
  type EmailPattern,
  type Limits,
  MODES,
  type NeverRule,
  type PeopleAndResources,
  type Policy,
  type ProtectedName,
  type UnlistedRule,
} from '../domain/policy/policy.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import { startsLikeResource } from './parse-selector.ts';
import type { NamedSection, PolicyReader, Reference, WrittenEmail } from './policy-reader.ts';
import { LEVELS, readGrants } from './read-grants.ts';
import { type IncludeEntry, readInclude } from './read-include.ts';
import { readApprovalList, readTestList } from './read-lists.ts';
import { readDeclaredTokens, readEnds, readGroups, readRoles } from './read-named.ts';
import { readEmailPattern, readNeverWho, readPrincipal } from './read-principal.ts';
import { readRequirements } from './read-requirements.ts';
import { readResource, readResources, reportSplit } from './read-resource.ts';

/** How many may become account admin in one run, if the policy does not say. */
const DEFAULT_NEW_ADMINS = 1;

/** How many may gain something in one run, if the policy does not say. */
const DEFAULT_GAINERS = 20;

/** A policy as far as its text is readable. It is a valid policy only if there is no error. */
export interface PolicyDraft {
  /** Without what the included files add. `mergeParts` adds it. */
  readonly policy: Policy;
  readonly root: MapNode;
  /** Unreadable sections. Checks cannot know whether references to their names are valid. */
  readonly unreadable: ReadonlySet<NamedSection>;
  readonly emails: readonly WrittenEmail[];
  readonly references: readonly Reference[];
  /** False if some part is unreadable, so that an absent name may only be misspelled. */
  readonly isWhole: boolean;
  readonly include: readonly IncludeEntry[];
  /** The files that other policies may include as well, so that nothing need refer to what they declare. */
  readonly sharedFiles: ReadonlySet<string>;
}

/** Reads every part that has the right shape. It leaves out all others, because the schema reports them. */
export function readPolicy(root: MapNode, file: string, reader: PolicyReader, hasShape: boolean): PolicyDraft {
  const at = (key: string) => valueAt(root, key);
  if (!at('protected')) reader.leaveOut();
  const policy: Policy = {
    file,
    teams: [],
    account: reader.numberOf(at('account')),
    mode: reader.wordOf(at('mode'), MODES),
    protected: reader.itemsOf(at('protected')).flatMap((item) => readProtected(item, reader) ?? []),
    limits: readLimits(at('limits'), root, reader),
    manage: at('manage') ? readResources(at('manage'), reader) : null,
    ignore: readPeopleAndResources(at('ignore'), reader),
    observe: readPeopleAndResources(at('observe'), reader),
    unlisted: readUnlisted(at('unlisted'), root, reader),
    never: reader.itemsOf(at('never')).flatMap((item) => readNever(item, reader) ?? []),
    require: readRequirements(at('require'), reader),
    groups: readGroups(at('groups'), reader),
    ends: readEnds(at('ends'), reader),
    tokens: readDeclaredTokens(at('tokens'), reader),
    roles: readRoles(at('roles'), reader),
    grants: readGrants(at('grants'), reader),
    tests: readTestList(at('tests'), reader),
    approvals: readApprovalList(at('approvals'), reader),
    paused: readPaused(at('paused'), reader),
  };
  const include = readInclude(at('include'), reader);
  const { emails, references, problems, incomplete } = reader;
  const isWhole = hasShape && !incomplete && !problems.hasError;
  return { policy, root, unreadable: unreadableIn(root), emails, references, isWhole, include, sharedFiles: new Set() };
}

const NAMED_SECTIONS: readonly NamedSection[] = ['groups', 'roles', 'tokens'];

/** The sections of a file that are unreadable. */
export function unreadableIn(root: MapNode): ReadonlySet<NamedSection> {
  return new Set(NAMED_SECTIONS.filter((name) => !isReadable(root, name)));
}

/** Whether a section is readable. An absent section is, unless a key looks like a misspelling of it. */
function isReadable(root: MapNode, name: NamedSection): boolean {
  const entry = entryOf(root, name);
  if (entry) return entry.value.kind === 'map';
  return !root.entries.some(({ key }) => nearest(key, [name]) === name);
}

function readProtected(item: DocumentNode, reader: PolicyReader): ProtectedName | null {
  const name = readPrincipal(item, reader);
  return name && { ...name, at: item.at };
}

function readLimits(node: DocumentNode | undefined, root: MapNode, reader: PolicyReader): Limits {
  const revokes = valueAt(node, 'revokes');
  const gains = valueAt(node, 'gains');
  const [gainers, gainersPercent] = [valueAt(gains, 'principals'), valueAt(gains, 'percent')];
  const newAdmins = valueAt(node, 'newAdmins');
  return {
    revokes: {
      principals: reader.numberOf(valueAt(revokes, 'principals')),
      percent: reader.numberOf(valueAt(revokes, 'percent')),
    },
    gains: {
      principals: gainers ? reader.numberOf(gainers) : DEFAULT_GAINERS,
      percent: gainersPercent ? reader.numberOf(gainersPercent) : null,
    },
    admins: reader.numberOf(valueAt(node, 'admins')),
    newAdmins: newAdmins ? reader.numberOf(newAdmins) : DEFAULT_NEW_ADMINS,
    at: node?.at ?? root.at,
  };
}

function readUnlisted(node: DocumentNode | undefined, root: MapNode, reader: PolicyReader): UnlistedRule {
  if (!node) return { revoke: 'nobody', at: root.at };
  if (node.kind === 'list') {
    const remedy = 'write `unlisted: { revoke: ["*@example.com"] }`';
    reader.error(node.at, 'wrong-type', 'unlisted is a list, and does not say what happens to whom it names', remedy);
  }
  if (node.kind !== 'map') {
    const answer = reader.wordOf(node, ['keep', 'revoke']);
    return { revoke: answer === 'revoke' ? 'everyone' : 'nobody', at: node.at };
  }
  const list = valueAt(node, 'revoke') ?? null;
  if (list?.kind !== 'list') reader.leaveOut();
  else if (list.items.length === 0) {
    const remedy = 'write `unlisted: keep` if all of them keep their access, or list e-mail patterns';
    reader.error(list.at, 'revokes-no-one', '`revoke: []` takes the access of no one', remedy);
  }
  return { revoke: list?.kind === 'list' ? readEmailPatterns(list.items, reader) : [], at: node.at };
}

function readNever(item: DocumentNode, reader: PolicyReader): NeverRule | null {
  const who = readNeverWho(valueAt(item, 'who'), reader);
  const resource = readResource(valueAt(item, 'resource'), reader);
  const level = reader.wordOf(valueAt(item, 'level'), LEVELS);
  return who && resource && { who: who.who, whoText: who.text, resource, level, at: item.at };
}

function readPaused(node: DocumentNode | undefined, reader: PolicyReader): boolean {
  if (node?.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  reader.leaveOut();
  return true;
}

/** Reads a list of e-mails, e-mail patterns and resources. A text with @ and without a resource type is an e-mail. */
export function readPeopleAndResources(node: DocumentNode | undefined, reader: PolicyReader): PeopleAndResources {
  const people: EmailPattern[] = [];
  const resources: ResourceRef[] = [];
  const items = reader.itemsOf(node);
  for (const [index, item] of items.entries()) {
    if (reportSplit(node, item, items[index - 1], reader)) continue;
    const text = item.kind === 'scalar' && typeof item.value === 'string' ? item.value : '';
    if (text.includes('@') && !startsLikeResource(text)) {
      const pattern = readEmailPattern({ text, at: item.at }, reader);
      if (pattern) people.push({ pattern, at: item.at });
    } else {
      const resource = readResource(item, reader);
      if (resource) resources.push(resource);
    }
  }
  return { people, resources };
}

function readEmailPatterns(items: readonly DocumentNode[], reader: PolicyReader): readonly EmailPattern[] {
  return items.flatMap((item) => {
    const text = reader.textOf(item);
    const pattern = text && readEmailPattern({ text: text.value, at: item.at }, reader);
    return pattern ? [{ pattern, at: item.at }] : [];
  });
}
