import { nearest } from '../document/suggest.ts';
import { WRITABLE_TYPES, type WritableType } from '../domain/account/resource.ts';
import { type NamePattern, toNamePattern } from '../domain/policy/name-pattern.ts';
import type { ResourceSelector } from '../domain/policy/resource-ref.ts';
import { warningAt } from '../domain/text/problem.ts';
import type { ProblemCode } from '../domain/text/problem-code.ts';
import type { PolicyReader } from './policy-reader.ts';
import type { WrittenText } from './read-text.ts';

const FORMS =
  'account, billing, campaigns, project:NAME, inbox:PROJECT/NAME, domain:NAME, or by id as in "project:#4001"';

/** Reports a problem at the place of the selector. */
type Complaint = (code: ProblemCode, message: string, remedy: string) => null;

/** Whether the text can only be meant as a resource. */
export function startsLikeResource(text: string): boolean {
  return typeOf(text) !== undefined;
}

function typeOf(text: string): WritableType | undefined {
  return WRITABLE_TYPES.find((type) => text === type || text.startsWith(`${type}:`));
}

/** Reads `type`, `type:#id` or `type:name`. Null, with a problem, if the text has none of these forms. */
export function parseSelector(written: WrittenText, reader: PolicyReader): ResourceSelector | null {
  const { text, at } = written;
  const complain: Complaint = (code, message, remedy) => reader.error(at, code, message, remedy);
  if (text === 'account') return { type: text };
  if (text === 'billing' || text === 'campaigns') return { type: text };
  const type = typeOf(text);
  if (!type) return complain('bad-resource', `"${text}" is not a resource`, typeRemedy(text));
  const rest = text === type ? null : text.slice(type.length + 1);
  if (rest?.startsWith('#')) return parseId(type, text, rest.slice(1), complain);
  if (type === 'account' || type === 'billing' || type === 'campaigns') {
    return complain('bad-resource', `${type} takes no name: there is only one`, `write ${type}`);
  }
  if (rest === null || rest === '')
    return complain('bad-resource', `"${text}" names no ${type}`, `write ${formOf(type)}`);
  if (type === 'inbox') return parseInbox(text, rest, complain);
  const name = parseName(rest, complain);
  if (name && /^[0-9]+$/.test(rest)) reader.problems.push(looksLikeId(type, rest, written));
  return name && { type, name };
}

function parseId(type: WritableType, text: string, digits: string, complain: Complaint): ResourceSelector | null {
  if (type === 'account')
    return complain('bad-resource', 'account takes no id: it is always the account of this policy', 'write account');
  const id = Number(digits);
  if (/^[1-9][0-9]*$/.test(digits) && Number.isSafeInteger(id)) return { type, id };
  const remedy = /^[0-9]+$/.test(digits)
    ? `write a whole number from 1 to ${Number.MAX_SAFE_INTEGER}, without leading zeros`
    : `only digits may follow #; if the name of ${type === 'inbox' ? 'an' : 'a'} ${type} begins with #, name it by id`;
  return complain('bad-id', `"${text}" contains no valid id`, remedy);
}

function parseInbox(text: string, rest: string, complain: Complaint): ResourceSelector | null {
  const [project = '', inbox, further] = rest.split('/');
  if (inbox === undefined && /^[0-9]+$/.test(rest)) {
    return complain('bad-resource', `"${text}" does not name the project`, `did you mean "inbox:#${rest}"?`);
  }
  if (inbox === undefined) {
    return complain(
      'bad-resource',
      `"${text}" does not name the project`,
      `write inbox:PROJECT/${rest}, or inbox:*/${rest} for every project`,
    );
  }
  if (further !== undefined) {
    return complain(
      'bad-resource',
      `"${text}" contains more than one /`,
      'if the name of the inbox or of its project contains a /, name the inbox by id, as in "inbox:#3809"',
    );
  }
  if (project === '' || inbox === '') {
    return complain(
      'bad-resource',
      `"${text}" lacks a name before or after the /`,
      'write inbox:PROJECT/NAME; * matches any name',
    );
  }
  const projectName = parseName(project, complain);
  const name = projectName && parseName(inbox, complain);
  return projectName && name && { type: 'inbox', project: projectName, name };
}

function parseName(name: string, complain: Complaint): NamePattern | null {
  if (name.includes('\\*')) {
    return complain(
      'escaped-star',
      'a backslash does not escape a *; there is no way to escape it',
      'if the name contains a *, name the resource by id, as in "project:#4001"',
    );
  }
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name)) {
    const message = 'the name contains a control character or a line break';
    return complain('control-character', message, 'delete it; if the name really contains it, name the resource by id');
  }
  if (/^(["'“‘]).*["'”’]$/.test(name)) {
    const remedy = 'quote the whole text including its type; if the name really has quotes, name the resource by id';
    return complain('bad-resource', `YAML reads the quotes as part of the name ${name}`, remedy);
  }
  if (name !== name.trim()) {
    return complain(
      'bad-resource',
      `the name "${name}" begins or ends with a space`,
      'delete the space; if the name really has one, name the resource by id',
    );
  }
  return toNamePattern(name);
}

function typeRemedy(text: string): string {
  const colon = text.indexOf(':');
  const said = colon < 0 ? text : text.slice(0, colon);
  const rest = colon < 0 ? undefined : text.slice(colon + 1);
  const word = said.trim().toLowerCase();
  const near = WRITABLE_TYPES.find((type) => word === type || word === `${type}s`) ?? nearest(word, WRITABLE_TYPES);
  if (near) return `did you mean ${rest === undefined ? near : `${near}:${rest.trim()}`}?`;
  return rest === undefined && text.trim() !== ''
    ? `write its type too, as in project:${text.trim()}`
    : `write ${FORMS}`;
}

function formOf(type: WritableType): string {
  return type === 'inbox' ? 'inbox:PROJECT/NAME' : `${type}:NAME`;
}

function looksLikeId(type: WritableType, digits: string, { at }: WrittenText) {
  return warningAt(
    at,
    'looks-like-id',
    `${type}:${digits} means a ${type} with the name ${digits}`,
    `if ${digits} is its id, write "${type}:#${digits}"`,
  );
}
