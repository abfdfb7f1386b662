import { type Answer, answerWithJson } from './answer.ts';
import type { PagesSeed } from './seed.ts';

interface PageAsked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly pages: PagesSeed;
}

/** The part of a list that `?page=N` asks for; the first without it. What is no list stays as it is. */
export function onePage(answer: Answer, { path, query, pages: { size, says = 'link' } }: PageAsked): Answer {
  const list: unknown = answer.status === 200 ? JSON.parse(answer.body) : undefined;
  if (!Array.isArray(list)) return answer;
  const page = Math.max(1, Number.parseInt(query.get('page') ?? '1', 10) || 1);
  const shown = answerWithJson(200, list.slice((page - 1) * size, page * size));
  const headers =
    says === 'total' ? { 'X-Total-Count': String(list.length) } : linkAfter(page, page * size < list.length);
  return { ...shown, headers: { ...shown.headers, ...headers } };

  function linkAfter(current: number, goesOn: boolean): Record<string, string> {
    if (!goesOn) return {};
    const next = new URLSearchParams(query);
    next.set('page', String(current + 1));
    return { Link: `<${path}?${next}>; rel="next"` };
  }
}
