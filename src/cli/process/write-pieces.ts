import type { Output } from './io.ts';

/** How long the texts are that leave at once. */
const CHARACTERS_AT_ONCE = 64 * 1024;

/** Prints a text that comes in pieces, no faster than it is read, and stops when nobody reads it any more. */
export async function writePieces(output: Output, pieces: Iterable<string>): Promise<void> {
  for (const text of joinedLines(pieces)) {
    if (output.closed.aborted) return;
    output.write(text);
    await output.drained();
  }
}

/** The pieces, joined into texts that end with a line. A secret has no line break, so no secret is ever in two texts. */
export function* joinedLines(pieces: Iterable<string>): Iterable<string> {
  let waiting: string[] = [];
  let characters = 0;
  for (const piece of pieces) {
    const end = characters + piece.length < CHARACTERS_AT_ONCE ? 0 : piece.lastIndexOf('\n') + 1;
    if (end === 0) {
      waiting.push(piece);
      characters += piece.length;
      continue;
    }
    yield [...waiting, piece.slice(0, end)].join('');
    waiting = [piece.slice(end)];
    characters = piece.length - end;
  }
  if (characters > 0) yield waiting.join('');
}
