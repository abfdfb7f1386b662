import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../src/core/domain/text/error.ts';

const HEADING = '## Errors while talking to Mailtrap';

/** The first cells of the table below the heading. */
function documentedCodes(): readonly string[] {
  const text = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split(`${HEADING}\n`);
  const [own = ''] = section.split(/^## /m);
  return Array.from(own.matchAll(/^\| `([a-z-]+)` \|/gm), ([, code = '']) => code);
}

describe('docs/errors.md', () => {
  it('has one row for every code of an error, and none for anything else', () => {
    expect([...documentedCodes()].sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });
});
