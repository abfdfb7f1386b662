/** The answer to one request. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** On every answer: no one may keep it, or guess another type for it. */
const SAFE_HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

export function textAnswer(status: number, contentType: string, body: string): HttpAnswer {
  return { status, headers: { ...SAFE_HEADERS, 'Content-Type': contentType }, body };
}

export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  const { headers: safe, body } = textAnswer(status, 'application/json; charset=utf-8', `${JSON.stringify(value)}\n`);
  return { status, headers: { ...safe, ...headers }, body };
}

/** A refusal: what is wrong, and what to do. */
export function refusal(
  status: number,
  message: string,
  remedy: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return jsonAnswer(status, { error: { message, remedy } }, headers);
}
