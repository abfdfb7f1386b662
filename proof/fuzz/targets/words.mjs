/** The words of a language, from its JSON schema: keys, and what they may be set to. */
export function wordsOf(schema) {
  const words = new Set();
  const waiting = [schema];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (typeof node !== 'object' || node === null) continue;
    for (const key of Object.keys(node.properties ?? {})) words.add(`${key}: `);
    for (const word of [...(node.enum ?? []), ...(node.examples ?? [])]) if (typeof word === 'string') words.add(word);
    if (typeof node.const === 'string') words.add(node.const);
    waiting.push(...Object.values(node));
  }
  return [...words];
}
