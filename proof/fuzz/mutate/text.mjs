import { ODD_NUMBERS, ODD_TEXTS } from './odd.mjs';

/**
 * Changes of a text that consists of lines and words. `words` are those of the language that is fuzzed.
 * @param {readonly string[]} words
 */
export function textMutations(words) {
  return [replaceWord, replaceNumber, insertWord, repeatLine, removeLine, swapLines, indentLine, nest, quoteWord].map(
    (mutate) => (bytes, random, donor) => Buffer.from(mutate(bytes.toString('utf8'), random, words, donor)),
  );
}

function replaceWord(text, random, words) {
  return replaceOne(text, /[^\s:,[\]{}"']+/g, random, () => random.pick(random.isLucky(0.7) ? words : ODD_TEXTS));
}

function replaceNumber(text, random) {
  return replaceOne(text, /-?\d+/g, random, () => random.pick(ODD_NUMBERS));
}

function insertWord(text, random, words) {
  const at = random.below(text.length + 1);
  const word = random.pick([...words, ...ODD_TEXTS]);
  return `${text.slice(0, at)}${random.pick(['', ' ', '\n', ': ', ', '])}${word}${text.slice(at)}`;
}

function repeatLine(text, random) {
  return withLines(text, random, (lines, at) => lines.splice(random.below(lines.length + 1), 0, lines[at]));
}

function removeLine(text, random) {
  return withLines(text, random, (lines, at) => lines.splice(at, 1));
}

function swapLines(text, random) {
  return withLines(text, random, (lines, at) => {
    const other = random.below(lines.length);
    [lines[at], lines[other]] = [lines[other], lines[at]];
  });
}

function indentLine(text, random) {
  return withLines(text, random, (lines, at) => {
    lines[at] = random.isLucky(0.5)
      ? lines[at].replace(/^ {1,2}/, '')
      : `${random.pick([' ', '  ', '\t'])}${lines[at]}`;
  });
}

function nest(text, random) {
  const depth = random.pick([2, 10, 60, 200, 2_000, 20_000]);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{a: ', '}'],
    ['- ', ''],
    ['{"a":', '}'],
    ['? ', ''],
  ]);
  const at = random.below(text.length + 1);
  return `${text.slice(0, at)}${open.repeat(depth)}${random.isLucky(0.5) ? close.repeat(depth) : ''}${text.slice(at)}`;
}

function quoteWord(text, random) {
  const quote = random.pick(['"', "'", '`', '|\n  ']);
  return replaceOne(text, /[^\s:,[\]{}"']+/g, random, (word) => `${quote}${word}${quote}`);
}

function replaceOne(text, pattern, random, replacement) {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const { index, 0: word } = random.pick(found);
  return `${text.slice(0, index)}${replacement(word)}${text.slice(index + word.length)}`;
}

function withLines(text, random, change) {
  const lines = text.split('\n');
  change(lines, random.below(lines.length));
  return lines.join('\n');
}
