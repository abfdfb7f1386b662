import { foldAscii } from '../text/text.ts';

/**
 * A name of a policy in which `*` matches any run of characters and nothing else is special.
 * `parts` are the literal pieces between the stars; one part means an exact name.
 */
export interface NamePattern {
  readonly text: string;
  readonly parts: readonly string[];
}

/** Names compare in Unicode NFC, so that a composed and a decomposed spelling are one name. */
export function toNamePattern(text: string): NamePattern {
  const normal = text.normalize('NFC');
  return { text: normal, parts: normal.split('*') };
}

export function isExact(pattern: NamePattern): boolean {
  return pattern.parts.length === 1;
}

/**
 * Whether the whole name fits. Takes time linear in the name for each part, so no pattern of a policy can make it slow.
 * The caller folds case on both sides where the kind of name ignores case.
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

/** As `matchesName`, ignoring the case of A to Z on both sides: for e-mails and domains. */
export function matchesFolded(pattern: NamePattern, name: string): boolean {
  return matchesName({ text: foldAscii(pattern.text), parts: pattern.parts.map(foldAscii) }, foldAscii(name));
}

/** Whether some name fits both patterns. Fills one table of positions, so its time is bounded by the product of the lengths. */
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
