import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/build.ts';

/** One scenario as docs/quality/incidents.md tells it. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  /** The subjects of its sentences: what happened elsewhere, and what grantd does. */
  readonly parts: readonly string[];
  /** The lines that grantd prints. */
  readonly prints: readonly string[];
  /** The test file that its part of the book names. */
  readonly test: string;
}

/** Every scenario of the book, in its order. The id is the anchor of the heading. */
export function readBook(): readonly Entry[] {
  const [, ...parts] = readFileSync(join(ROOT, 'docs/quality/incidents.md'), 'utf8').split(/^## /m);
  return parts.flatMap((part) => {
    const [, test = ''] = /^Test: `(test\/incidents\/[a-z-]+\.test\.ts)`$/m.exec(part) ?? [];
    const [, ...sections] = part.split(/^### /m);
    return sections.map((section) => entryOf(section, test));
  });
}

function entryOf(section: string, test: string): Entry {
  const title = section.slice(0, section.indexOf('\n'));
  const id = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
  const [, printed = ''] = /^```text\n([\s\S]*?)^```$/m.exec(section) ?? [];
  return {
    id,
    title,
    parts: [...section.matchAll(/^\*\*(Elsewhere|grantd):?\*\* \S/gm)].map(([, part = '']) => part),
    prints: printed.split('\n').filter((line) => line !== ''),
    test,
  };
}
