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
 * Puts a `'` before a field that a spreadsheet would execute; spreadsheets then show text. A program that reads the file removes
 * one leading `'`.
 */
function harmless(field: string): string {
  return FORMULA.test(field) ? `'${field}` : field;
}

function quoted(field: string): string {
  return /[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
