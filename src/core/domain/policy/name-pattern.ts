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

/**
 * Whether both patterns match some name. Where both contain a `*`, a name can be as long as it needs to be, so only what is before the
 * first and behind the last `*` decides.
 */
export function patternsOverlap(left: NamePattern, right: NamePattern): boolean {
  if (isExact(left)) return matchesName(right, left.text);
  if (isExact(right)) return matchesName(left, right.text);
  return startsAlike(firstOf(left), firstOf(right)) && endsAlike(lastOf(left), lastOf(right));
}

function firstOf({ parts }: NamePattern): string {
  return parts[0] as string;
}

function lastOf({ parts }: NamePattern): string {
  return parts.at(-1) as string;
}

function startsAlike(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

function endsAlike(a: string, b: string): boolean {
  return a.endsWith(b) || b.endsWith(a);
}

/** As `matchesName`, but a `*` matches one character at least. */
export function fillsPattern({ text, parts }: NamePattern, name: string): boolean {
  const normal = name.normalize('NFC');
  if (parts.length === 1) return normal === text;
  let from = 0;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const least = index === 0 ? 0 : from + 1;
    const found = index === 0 ? 0 : isLast ? normal.length - part.length : normal.indexOf(part, least);
    if (found < least || !normal.startsWith(part, found)) return false;
    from = found + part.length;
  }
  return true;
}
