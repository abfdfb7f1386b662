import { type DocumentNode, valueAt } from '../document/document-node.ts';
import type { Approval, PolicyTest } from '../domain/policy/policy.ts';
import type { PolicyReader } from './policy-reader.ts';
import { LEVELS } from './read-grants.ts';
import { readInstant } from './read-instant.ts';
import { readPrincipal } from './read-principal.ts';
import { readResource } from './read-resource.ts';

/** Reads `tests`. */
export function readTestList(node: DocumentNode | undefined, reader: PolicyReader): readonly PolicyTest[] {
  return reader.itemsOf(node).flatMap((item) => readTest(item, reader) ?? []);
}

/** Reads `approvals`. */
export function readApprovalList(node: DocumentNode | undefined, reader: PolicyReader): readonly Approval[] {
  return reader.itemsOf(node).flatMap((item) => readApproval(item, reader) ?? []);
}

function readTest(item: DocumentNode, reader: PolicyReader): PolicyTest | null {
  const who = readPrincipal(valueAt(item, 'who'), reader);
  const resource = readResource(valueAt(item, 'resource'), reader);
  const expect = reader.wordOf(valueAt(item, 'expect'), ['none', ...LEVELS]);
  const moment = readInstant(valueAt(item, 'at'), 'begin', reader);
  return who && resource && { who, resource, expect, moment, team: null, at: item.at };
}

function readApproval(item: DocumentNode, reader: PolicyReader): Approval | null {
  const digests = reader.itemsOf(valueAt(item, 'digests')).flatMap((digest) => reader.textOf(digest)?.value ?? []);
  const until = readInstant(valueAt(item, 'until'), 'end', reader) ?? reader.leaveOut();
  return until && { digests, until, at: item.at };
}
