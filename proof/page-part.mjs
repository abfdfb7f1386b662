import { readFileSync, writeFileSync } from 'node:fs';

const PAGE = new URL('../docs/quality/reliability.md', import.meta.url);

/** Replaces the part of docs/quality/reliability.md that a command writes: what lies between its two marks. */
export function replacePart(name, text) {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/quality/reliability.md has no part between ${begin} and ${end}`);
  writeFileSync(PAGE, `${page.slice(0, from + begin.length)}\n${text.trim()}\n${page.slice(to)}`);
}
