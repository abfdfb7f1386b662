import type { ScalarNode } from '../../core/document/document-node.ts';
import type { PrincipalName } from '../../core/domain/account/principal.ts';
import type { ResourceRef } from '../../core/domain/policy/resource-ref.ts';
import { PolicyReader } from '../../core/validate/policy-reader.ts';
import { readPrincipal } from '../../core/validate/read-principal.ts';
import { readResource } from '../../core/validate/read-resource.ts';
import { UsageError } from './errors.ts';

/** Reads somebody who is asked about, spelled as a policy spells them. Throws `UsageError`. */
export function parseWho(text: string): PrincipalName {
  if (text.startsWith('group:'))
    throw new UsageError(`WHO: ${text} is a group, and groups hold nothing`, 'ask for one of its members');
  const reader = new PolicyReader();
  return readPrincipal(toNode('WHO', text), reader) ?? refuse('WHO', reader);
}

/** Reads a resource that is asked about, spelled as a policy spells it; `*` stands for several. Throws `UsageError`. */
export function parseResource(text: string): ResourceRef {
  const reader = new PolicyReader();
  return readResource(toNode('RESOURCE', text), reader) ?? refuse('RESOURCE', reader);
}

/** A word of the command line as a policy would hold it, quoted. */
export function toNode(file: string, text: string): ScalarNode {
  const at = { file, line: 1, column: 1, length: Math.max(1, text.length) };
  return { kind: 'scalar', value: text, source: text, plain: false, comment: null, at };
}

/** The first problem of such a word. Throws `UsageError`. */
export function refuse(argument: string, { problems }: PolicyReader): never {
  const [first] = problems;
  throw new UsageError(`${argument}: ${first?.message ?? 'cannot be read'}`, first?.remedy ?? 'see grantd --help');
}
