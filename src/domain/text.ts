/**
 * Folds A to Z only. E-mails and domains compare by this: any further folding (Turkish i, Kelvin sign) could make two
 * different people equal.
 */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Total order of strings by UTF-16 code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
