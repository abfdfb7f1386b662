const [QUOTE, BACKSLASH, COMMA, BRACKET, BRACE] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];

/**
 * How many values a JSON text in UTF-8 has; one more than `most` if it has more. Parsed, a value takes far more memory than its
 * characters, so this is asked before. It counts the commas and the opening brackets outside of texts, and one.
 */
export function countValues(json: Uint8Array, most: number): number {
  let values = 1;
  let isText = false;
  for (let at = 0; at < json.length && values <= most; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) isText = !isText;
    else if (isText && byte === BACKSLASH) at += 1;
    else if (!isText && (byte === COMMA || byte === BRACKET || byte === BRACE)) values += 1;
  }
  return values;
}
