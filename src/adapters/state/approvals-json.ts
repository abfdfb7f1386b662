import type { SpentApproval, StayingPart } from '../../core/domain/account/approval-memory.ts';
import type { ResourceId } from '../../core/domain/account/resource.ts';
import { LIMIT_RULES, type LimitNumbers } from '../../core/domain/plan/limit-rules.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import type { JsonObject, JsonReader } from '../../core/domain/text/json-reader.ts';

/** What the memory of approvals is read with. */
export interface ValueReaders {
  readonly digest: (value: unknown, place: string) => string;
  readonly moment: (value: unknown, place: string) => Instant;
  readonly resource: (value: unknown, place: string) => ResourceId;
}

export function spentJson({ digest, until }: SpentApproval): unknown {
  return { digest, until: instantText(until) };
}

export function stayingJson({ rule, access, rows, limit: { principals, percent } }: StayingPart): unknown {
  return { rule, access, rows: rows.map(({ type, id }) => ({ type, id })), limit: { principals, percent } };
}

/** What `spentJson` and `stayingJson` wrote. A file of 0.1.0 has neither key. */
export function readApprovals(
  reader: JsonReader,
  { spent = [], staying = [] }: JsonObject,
  readers: ValueReaders,
): { readonly spent: readonly SpentApproval[]; readonly staying: readonly StayingPart[] } {
  return {
    spent: reader.list(spent, 'spent', (item, place) => readSpent(reader, item, place, readers)),
    staying: reader.list(staying, 'staying', (item, place) => readStaying(reader, item, place, readers)),
  };
}

function readSpent(reader: JsonReader, value: unknown, place: string, { digest, moment }: ValueReaders): SpentApproval {
  const read = reader.object(value, place, ['digest', 'until']);
  return { digest: digest(read['digest'], `${place}.digest`), until: moment(read['until'], `${place}.until`) };
}

function readStaying(reader: JsonReader, value: unknown, place: string, { resource }: ValueReaders): StayingPart {
  const read = reader.object(value, place, ['rule', 'access', 'rows', 'limit']);
  return {
    rule: reader.oneOf(read['rule'], `${place}.rule`, LIMIT_RULES),
    access: reader.integer(read['access'], `${place}.access`),
    rows: reader.list(read['rows'], `${place}.rows`, resource),
    limit: readNumbers(reader, read['limit'], `${place}.limit`),
  };
}

function readNumbers(reader: JsonReader, value: unknown, place: string): LimitNumbers {
  const { principals, percent } = reader.object(value, place, ['principals', 'percent']);
  return {
    principals: reader.integer(principals, `${place}.principals`, 0),
    percent: percent === null ? null : reader.integer(percent, `${place}.percent`, 0),
  };
}
