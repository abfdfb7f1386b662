const [QUOTE, BACKSLASH, COMMA, BRACKET, BRACE] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];

/**
 * Whether a JSON text in UTF-8 has more values than so many. Parsed, a value takes far more memory than its characters, so this
 * is asked before. It counts the commas and the opening brackets outside of texts, and one.
 */
export function hasMoreValues(json: Uint8Array, most: number): boolean {
  if (json.length < most) return false;
  let values = 1;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) isText = !isText;
    else if (isText && byte === BACKSLASH) at += 1;
    else if (!isText && (byte === COMMA || byte === BRACKET || byte === BRACE)) values += 1;
    if (values > most) return true;
  }
  return false;
}
