import { isMap, stringify } from 'yaml';
import { emailKey } from '../domain/account/email.ts';
import type { PolicyEdit } from '../domain/policy/imported-policy.ts';
import { type Editable, lineEndOf, lineStart, rangeOf, type Splice } from './editable.ts';

/** The splices that write ends under `ends`, in the style of the map that is there. Null if the text gives no safe way. */
export function setEnds(
  { ends }: Extract<PolicyEdit, { kind: 'set-ends' }>,
  editable: Editable,
): readonly Splice[] | null {
  const { root, text, lineBreak } = editable;
  const map = root.get('ends', true);
  const known = isMap(map) ? map : null;
  const splices: Splice[] = [];
  const fresh: (readonly [string, string])[] = [];
  for (const { email, until } of ends) {
    const pair = known?.items.find(({ key }) => emailKey(String(key)) === emailKey(email));
    if (pair === undefined) fresh.push([editable.spellings.get(emailKey(email)) ?? email, until]);
    else {
      const [from, to] = rangeOf(pair.value);
      splices.push({ from, to, text: until });
    }
  }
  const lines = fresh.map(([email, until]) => stringify({ [email]: until }, { lineWidth: 0 }).trim());
  if (lines.length === 0) return splices;
  const last = known?.items.at(-1);
  if (known !== null && known.flow !== true && last !== undefined) {
    const column = rangeOf(known.items[0]?.key)[0] - lineStart(text, rangeOf(known.items[0]?.key)[0]);
    const at = lineEndOf(last, text);
    return [
      ...splices,
      { from: at, to: at, text: lines.map((line) => lineBreak + ' '.repeat(column) + line).join('') },
    ];
  }
  if (known !== null && last !== undefined) {
    const [, at] = rangeOf(last.value);
    return [...splices, { from: at, to: at, text: `, ${lines.join(', ')}` }];
  }
  if (known !== null) {
    const [from, to] = rangeOf(known);
    return text.slice(from, to).includes('#') ? null : [{ from, to, text: `{ ${lines.join(', ')} }` }];
  }
  if (root.flow === true) return null;
  const index = root.items.findIndex(({ key }) => String(key) === 'paused');
  const at = lineEndOf(root.items[index - 1], text);
  const block = lines.map((line) => `${lineBreak}  ${line}`).join('');
  return [...splices, { from: at, to: at, text: `${lineBreak}ends:${block}` }];
}
