import { isRequestObject } from './api-call.ts';
import {
  checkFields,
  either,
  type Fields,
  fraction,
  integer,
  objectOf,
  oneOfValues,
  type Rule,
  text,
} from './check-fields.ts';
import { checkWrite } from './check-write.ts';
import type { Fault } from './fault.ts';

const strike = oneOfValues('before', 'after');
const status = integer(200, 599);
/** One hour: longer than any test needs, and within the range of a timer. */
const waitMs = integer(0, 3_600_000);
/** `checkWrite` checks its contents. */
const someWrite: Rule = (value) =>
  value === undefined ? 'what someone else does, an object with an "act"' : undefined;

const body = either(
  oneOfValues('table', 'html', 'empty', 'account-forbidden', 'forbidden', 'plan', 'base', 'name', 'filters'),
  objectOf({ required: { json: anyJson }, optional: {} }),
  objectOf({ required: { text: anyText }, optional: { type: headerValue } }),
);

const FIELDS: Readonly<Record<Fault['kind'], Fields>> = {
  latency: { required: { ms: waitMs }, optional: {} },
  status: { required: { status }, optional: { body, strike, retryAfter: either(integer(0), headerValue) } },
  reset: { required: {}, optional: { strike: oneOfValues('before', 'after', 'midway') } },
  truncated: { required: {}, optional: { bytes: integer(0) } },
  html: { required: {}, optional: { strike } },
  shape: {
    required: {
      shape: oneOfValues('object', 'list', 'null', 'string-id', 'no-email', 'unknown-kind', 'two-levels'),
    },
    optional: { access: integer(0) },
  },
  stall: { required: { part: oneOfValues('headers', 'body') }, optional: { strike } },
  stale: { required: {}, optional: { reads: integer(1), ms: integer(1) } },
  ignored: { required: {}, optional: {} },
  partial: { required: {}, optional: { items: integer(0) } },
  redirect: { required: { location: headerValue }, optional: { status: integer(300, 399) } },
  date: { required: { skewMs: integer(-1e12, 1e12) }, optional: {} },
  header: { required: { name: headerName, value: either(oneOfValues(null), headerValue) }, optional: {} },
  hidden: { required: { type: text, id: integer(0) }, optional: {} },
  emptied: { required: {}, optional: {} },
  'second-writer': { required: { write: someWrite }, optional: { strike } },
};

const anyKind = oneOfValues(...Object.keys(FIELDS));

const MATCH_FIELDS: Fields = { required: {}, optional: { method: text, path: pathPattern, token: text } };

const selection = {
  kind: anyKind,
  match: (value: unknown) => (isRequestObject(value) ? undefined : 'an object of method, path, token'),
  times: either(integer(1), oneOfValues('always')),
  probability: fraction,
  afterRequests: integer(0),
};

/** Every problem of a value that should be a `Fault`. */
export function checkFault(value: unknown, where: string): readonly string[] {
  if (!isRequestObject(value)) return [`${where} is ${JSON.stringify(value)}; write an object with a "kind".`];
  const { kind } = value;
  if (typeof kind !== 'string' || !isKind(kind)) {
    return [`${where}.kind is ${JSON.stringify(kind) ?? 'missing'}; write ${anyKind(kind)}.`];
  }
  const { required, optional } = FIELDS[kind];
  const problems = checkFields(value, where, { required, optional: { ...optional, ...selection } });
  const { match, write } = value;
  return [
    ...problems,
    ...(isRequestObject(match) ? checkFields(match, `${where}.match`, MATCH_FIELDS) : []),
    ...(kind === 'second-writer' && write !== undefined ? checkWrite(write, `${where}.write`) : []),
  ];
}

function isKind(kind: string): kind is Fault['kind'] {
  return Object.hasOwn(FIELDS, kind);
}

function anyJson(value: unknown): string | undefined {
  return value === undefined ? 'any JSON' : undefined;
}

function anyText(value: unknown): string | undefined {
  return typeof value === 'string' ? undefined : 'a text';
}

function headerName(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(value) ? undefined : 'the name of a header';
}

/** Node refuses to send other values. Without this check, they would fail when the fault strikes, far from their cause. */
function headerValue(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\t\x20-\x7e]+$/.test(value) ? undefined : 'a text that fits a header';
}

function pathPattern(value: unknown): string | undefined {
  if (value instanceof RegExp || (typeof value === 'string' && value !== '')) return undefined;
  const pattern = isRequestObject(value) ? value['regexp'] : undefined;
  if (typeof pattern === 'string') {
    try {
      new RegExp(pattern);
      return undefined;
    } catch (error) {
      return `{"regexp": "…"} with a valid pattern (${error instanceof Error ? error.message : String(error)})`;
    }
  }
  return 'a part of the path, or {"regexp": "…"}';
}
