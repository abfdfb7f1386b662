import { foldAscii } from '../text/text.ts';

/**
 * A name of a policy. `*` matches any number of characters; nothing else is special.
 * `parts` are the literal pieces between the stars. A single part means an exact name.
 */
export interface NamePattern {
  readonly text: string;
  readonly parts: readonly string[];
  /** The text to show, if `text` is more than this text in lower case. Only e-mail patterns have it. */
  readonly written?: string;
}

/** Reads a name or pattern. Names compare in Unicode NFC, so a composed and a decomposed spelling are the same name. */
export function toNamePattern(text: string): NamePattern {
  const normal = text.normalize('NFC');
  return { text: normal, parts: normal.split('*') };
}

/** Whether the pattern contains no `*`. */
export function isExact(pattern: NamePattern): boolean {
  return pattern.parts.length === 1;
}

/**
 * Whether the pattern matches the whole name. The time is linear in the name for each part, so no pattern of a policy
 * can make it slow. If the kind of name ignores case, the caller folds case on both sides.
 */
export function matchesName({ text, parts }: NamePattern, name: string): boolean {
  const normal = name.normalize('NFC');
  if (parts.length === 1) return normal === text;
  let from = 0;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const found = isLast ? normal.length - part.length : normal.indexOf(part, from);
    if (found < from || (index === 0 && found > 0) || !normal.startsWith(part, found)) return false;
    from = found + part.length;
  }
  return true;
}

/** As `matchesName`, for domains: they ignore the case of A to Z. E-mails have a form of their own, see `emailKey`. */
export function matchesDomain(pattern: NamePattern, name: string): boolean {
  return matchesName({ text: foldAscii(pattern.text), parts: pattern.parts.map(foldAscii) }, foldAscii(name));
}

/** Whether both patterns match some name. It fills one table of positions, so the product of the lengths bounds its time. */
export function patternsOverlap(left: NamePattern, right: NamePattern): boolean {
  const a = [...left.text];
  const b = [...right.text];
  let below: boolean[] = [];
  for (let i = a.length; i >= 0; i -= 1) {
    const row: boolean[] = new Array(b.length + 1).fill(false);
    for (let j = b.length; j >= 0; j -= 1) {
      if (i === a.length && j === b.length) row[j] = true;
      else if (a[i] === '*') row[j] = below[j] === true || row[j + 1] === true;
      else if (b[j] === '*') row[j] = row[j + 1] === true || below[j] === true;
      else row[j] = a[i] === b[j] && below[j + 1] === true;
    }
    below = row;
  }
  return below[0] === true;
}
