/**
 * A line of CSV (RFC 4180): fields that hold a comma, a quote or a line break stand in quotes, quotes are doubled, and the
 * line ends with CR LF.
 */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map((field) => quoted(harmless(field))).join(',')}\r\n`;
}

/** What a spreadsheet takes for a formula, in the wide letters of East Asia too; and the mark itself, so that it can be undone. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠']/u;

/**
 * A field that a spreadsheet would carry out gets a `'` before it, which spreadsheets show as text. Whoever reads the file
 * by a program takes off one leading `'`.
 */
function harmless(field: string): string {
  return FORMULA.test(field) ? `'${field}` : field;
}

function quoted(field: string): string {
  return /[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
