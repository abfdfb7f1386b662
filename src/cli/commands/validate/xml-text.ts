import { visibleText } from '../../../core/domain/text/text.ts';

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

/** Text as it may stand between tags and in quotes. What XML 1.0 cannot hold at all is shown as `\\u{…}`. */
export function xmlText(text: string): string {
  const visible = visibleText(text).replace(/[\p{Cs}\ufffe\uffff]/gu, codeOf);
  return visible.replace(/[&<>"']/g, (character) => ENTITIES.get(character) ?? character);
}

function codeOf(character: string): string {
  return `\\u{${character.charCodeAt(0).toString(16)}}`;
}
