import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../cli/support/build.ts';

/** One scenario as docs/quality/incidents.md tells it. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  /** What stands under Elsewhere, Here and grantd. */
  readonly parts: readonly string[];
  /** The lines that grantd prints. */
  readonly prints: readonly string[];
  /** The test file that it names. */
  readonly test: string;
}

/** Every scenario of the book, in its order. The id is the anchor of the heading. */
export function readBook(): readonly Entry[] {
  const [, ...sections] = readFileSync(join(ROOT, 'docs/quality/incidents.md'), 'utf8').split(/^### /m);
  return sections.map((section) => {
    const title = section.slice(0, section.indexOf('\n'));
    const id = title
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-');
    const [, printed = ''] = /^```text\n([\s\S]*?)^```$/m.exec(section) ?? [];
    return {
      id,
      title,
      parts: [...section.matchAll(/^\*\*(Elsewhere|Here|grantd)\.\*\*/gm)].map(([, part = '']) => part),
      prints: printed.split('\n').filter((line) => line !== ''),
      test: /^Test: `(test\/incidents\/[a-z-]+\.test\.ts)`$/m.exec(section)?.[1] ?? '',
    };
  });
}
