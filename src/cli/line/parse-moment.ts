import type { Instant } from '../../core/domain/text/instant.ts';
import { PolicyReader } from '../../core/validate/policy-reader.ts';
import { readInstant } from '../../core/validate/read-instant.ts';
import { refuse, toNode } from './parse-question.ts';

/** Reads a date or a moment, spelled as `from` is: a bare date is its first moment in UTC. Throws `UsageError`. */
export function parseMoment(argument: string, text: string): Instant {
  const reader = new PolicyReader();
  return readInstant(toNode(argument, text), 'begin', reader)?.at ?? refuse(argument, reader);
}
