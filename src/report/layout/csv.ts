/**
 * A line of CSV (RFC 4180): fields with a comma, a quote or a line break are quoted, quotes are doubled, and the line ends
 * with CR LF.
 */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map((field) => quoted(harmless(field))).join(',')}\r\n`;
}

/**
 * A beginning that makes a spreadsheet read a formula, full-width forms included; and the mark `'` itself, so that a program
 * can undo it.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠']/u;

/**
 * A semicolon with such a beginning behind it. In many languages spreadsheets take a semicolon for the separator: `x;=1` is two
 * cells then, and quotes protect nothing, because they are inside of the first.
 */
const FORMULA_BEHIND = /;(?=[\s"]*[=+\-@＝＋－＠])/gu;

/**
 * Puts a `'` before a field that a spreadsheet would execute; spreadsheets then show text. A program that reads the file removes
 * one leading `'`. A semicolon before a formula appears as `\u{3b}`.
 */
function harmless(field: string): string {
  const whole = field.replace(FORMULA_BEHIND, '\\u{3b}');
  return FORMULA.test(whole) ? `'${whole}` : whole;
}

function quoted(field: string): string {
  return /[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
