import type { ScalarNode } from '../../core/document/document-node.ts';
import type { PrincipalName } from '../../core/domain/account/principal.ts';
import type { ResourceRef } from '../../core/domain/policy/resource-ref.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { PolicyReader } from '../../core/validate/policy-reader.ts';
import { readInstant } from '../../core/validate/read-instant.ts';
import { readPrincipal } from '../../core/validate/read-principal.ts';
import { readResource } from '../../core/validate/read-resource.ts';
import { UsageError } from './errors.ts';

/** Reads the principal of a question, written as in a policy. `argument` begins a message. Throws `UsageError`. */
export function parseWho(text: string, argument = 'WHO'): PrincipalName {
  if (text.startsWith('group:')) {
    const message = `${argument}: ${text} is a group, and a group has no access of its own`;
    throw new UsageError(message, 'ask for one of its members');
  }
  const reader = new PolicyReader();
  return readPrincipal(toNode(argument, text), reader) ?? refuse(argument, reader);
}

/** Reads the resource of a question, written as in a policy; with `*` it fits several. Throws `UsageError`. */
export function parseResource(text: string): ResourceRef {
  const reader = new PolicyReader();
  return readResource(toNode('RESOURCE', text), reader) ?? refuse('RESOURCE', reader);
}

/**
 * Reads a date or a moment in UTC, written as in a policy. A bare date is its first moment, or, as the `end` of something, the
 * first moment after it. Throws `UsageError`.
 */
export function parseMoment(argument: string, text: string, side: 'begin' | 'end' = 'begin'): Instant {
  const reader = new PolicyReader();
  return readInstant(toNode(argument, text), side, reader)?.at ?? refuse(argument, reader);
}

/** A word of the command line as a policy would contain it, quoted. */
function toNode(file: string, text: string): ScalarNode {
  const at = { file, line: 1, column: 1, length: Math.max(1, text.length) };
  return { kind: 'scalar', value: text, source: text, plain: false, comment: null, at };
}

/** The first problem of such a word. Throws `UsageError`. */
function refuse(argument: string, { problems }: PolicyReader): never {
  const [first] = problems.kept;
  throw new UsageError(`${argument}: ${first?.message ?? 'cannot be read'}`, first?.remedy ?? 'see grantd --help');
}
