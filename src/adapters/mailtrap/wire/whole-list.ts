import type { AnswerHeaders } from '../../../platform/http/answer.ts';
import { MAILTRAP_LIMITS, MEMORY_HINT } from '../transport/limits.ts';
import { countValues } from './count-values.ts';
import { safeText } from './safe-text.ts';
import { WireMisfit } from './shape.ts';

/** One `<address>; rel="…"` of a `Link` header. A quoted value may contain commas. */
const LINK = /<([^<>]*)>((?:\s*;\s*[^\s=;,"<>]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]*))?)*)/g;
const IS_NEXT = /;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next\s*(?:;|$))/i;

/** Says that more pages follow, without an address that can be read. */
const NEXT_SOMEWHERE = /\brel\s*=\s*"?[^",;]*\bnext\b/i;

/** Headers in which lists of other APIs say how many entries they have. */
const TOTALS = ['x-total-count', 'x-total'];

const SHOWN_CHARACTERS_MAX = 120;

/**
 * The query of the next page, or null if the answer does not say that the list goes on. Only the query may differ from
 * `here`: a token must not travel to another address. Throws `WireMisfit` for a list that cannot be followed.
 */
export function nextQueryOf(headers: AnswerHeaders, here: URL, secrets: readonly string[]): string | null {
  const link = headers.get('link') ?? '';
  const target = [...link.matchAll(LINK)].find(([, , parameters = '']) => IS_NEXT.test(parameters))?.[1];
  if (target === undefined) {
    if (NEXT_SOMEWHERE.test(link) || (headers.get('x-next-page') ?? '').trim() !== '') {
      throw new WireMisfit('', 'the list goes on, and the answer does not say where in a way that grantd can follow');
    }
    return null;
  }
  const next = URL.canParse(target, here.href) ? new URL(target, here) : null;
  if (next?.origin === here.origin && next.pathname === here.pathname) return next.search;
  const shown = safeText(target.replace(/[?#].*$/s, ''), secrets, SHOWN_CHARACTERS_MAX);
  throw new WireMisfit('', `the list goes on at ${shown}, and grantd follows a list at its own address only`);
}

/** How many entries the answer says that the whole list has; 0 if it does not say. */
export function totalOf(headers: AnswerHeaders): number {
  const totals = TOTALS.map((name) => headers.get(name)?.trim() ?? '');
  return Math.max(0, ...totals.map((text) => (/^\d{1,15}$/.test(text) ? Number(text) : 0)));
}

/** Collects the pages of one list. Each method throws `WireMisfit` if the list cannot become whole. */
export class ListPages {
  readonly #queries = new Set<string>(['']);
  readonly #pages: unknown[] = [];
  #bytes = 0;
  #values = 0;
  #total = 0;

  /** Whether a page may be parsed: the limits of one answer hold for all pages of a list together. */
  weigh(body: Uint8Array): void {
    const { bodyBytesMax, bodyValuesMax } = MAILTRAP_LIMITS;
    const all = this.#pages.length === 0 ? '' : 'the pages of the list have ';
    this.#bytes += body.length;
    if (this.#bytes > bodyBytesMax)
      throw new WireMisfit('', `${all}more than ${Math.floor(bodyBytesMax / 2 ** 20)} MiB${MEMORY_HINT}`);
    this.#values += countValues(body, bodyValuesMax - this.#values);
    if (this.#values > bodyValuesMax)
      throw new WireMisfit('', `${all}more than ${bodyValuesMax.toLocaleString('en')} values${MEMORY_HINT}`);
  }

  /** Takes a page; `nextQuery` is that of the page after it. */
  add(page: unknown, { total, nextQuery }: PageFacts): void {
    this.#pages.push(page);
    this.#total = Math.max(this.#total, total);
    if (nextQuery === null) return;
    if (this.#queries.has(nextQuery)) throw new WireMisfit('', 'the list goes on in a circle');
    this.#queries.add(nextQuery);
    if (this.#pages.length >= MAILTRAP_LIMITS.pagesMax)
      throw new WireMisfit('', `the list has more than ${MAILTRAP_LIMITS.pagesMax} pages`);
  }

  /** The whole list, as if it had come in one answer. */
  whole(): unknown {
    const [first, ...others] = this.#pages;
    if (others.length > 0 && !this.#pages.every(Array.isArray)) throw new WireMisfit('', 'a page of it is no list');
    const list = others.length === 0 ? first : this.#pages.flat();
    if (Array.isArray(list) && list.length < this.#total)
      throw new WireMisfit('', `the list says that it has ${this.#total} entries, and ${list.length} came`);
    return list;
  }
}

interface PageFacts {
  readonly total: number;
  readonly nextQuery: string | null;
}
