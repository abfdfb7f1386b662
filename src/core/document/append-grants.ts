import type { YAMLSeq } from 'yaml';
import { emailKey } from '../domain/account/email.ts';
import type { ImportedGrant, PolicyEdit } from '../domain/policy/imported-policy.ts';
import { dashesOf, type Editable, lineEndOf, lineStart, listUnder, rangeOf, type Splice } from './editable.ts';
import { writeFlowGrants, writeGrants } from './write-policy.ts';

/** The indentation of the entries of a new list, in spaces. */
const INDENT = 2;

/**
 * The splices that add grants after the last one, in the style of the existing list. Without a list, they add one before
 * `paused`.
 */
export function appendGrants(
  { grants, comment }: Extract<PolicyEdit, { kind: 'add-grants' }>,
  editable: Editable,
): readonly Splice[] {
  const { text, root, lineBreak } = editable;
  const spelled = grants.map((grant) => spelledAs(grant, editable));
  const block = (indent: number) =>
    `${' '.repeat(indent)}# ${comment}\n${writeGrants(spelled, indent)}`.trimEnd().replaceAll('\n', lineBreak);
  const list = listUnder(editable, 'grants');
  const first = list && dashesOf(list)?.[0];
  if (list && typeof first === 'number') {
    const at = lineEndOf(list.items.at(-1), text);
    return [{ from: at, to: at, text: lineBreak + block(first - lineStart(text, first)) }];
  }
  if (list) {
    if (list.items.length === 0) return fillEmpty(list, text, lineBreak + block(INDENT));
    const [, at] = rangeOf(list.items.at(-1));
    return [{ from: at, to: at, text: `, ${writeFlowGrants(spelled)}` }];
  }
  const index = root.items.findIndex(({ key }) => String(key) === 'paused');
  const at = lineEndOf(root.items[index - 1], text);
  return [{ from: at, to: at, text: `${lineBreak}${lineBreak}grants:${lineBreak}${block(INDENT)}` }];
}

/** Removes the brackets of `[]` and keeps the comment after them. */
function fillEmpty(list: YAMLSeq, text: string, block: string): readonly Splice[] {
  const [start, end] = rangeOf(list);
  const at = lineEndOf(list, text);
  return [
    { from: text.slice(0, start).trimEnd().length, to: end, text: '' },
    { from: at, to: at, text: block },
  ];
}

/** The grant with each address as the file already spells it, because two spellings of one address are a problem. */
function spelledAs(grant: ImportedGrant, { spellings }: Editable): ImportedGrant {
  return { ...grant, to: grant.to.map((text) => spellings.get(emailKey(text)) ?? text) };
}
