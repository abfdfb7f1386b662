import { styleText } from 'node:util';
import type { Environment } from '../../adapters/settings/environment.ts';
import { principalText } from '../../core/domain/account/principal.ts';
import type { RunEvent } from '../../core/domain/run/run-result.ts';
import { oddVisible } from '../../core/domain/text/odd-characters.ts';
import { type Paint, PLAIN } from '../../report/layout/paint.ts';
import type { Output } from './io.ts';

/** Shorter work shows nothing. */
const SHOWN_AFTER_MS = 1_000;
const REDRAWN_EVERY_MS = 250;

/** Clears the line and returns to its start. */
const CLEAR_LINE = '\r\u001b[2K';

/** One line on a terminal that says what grantd does, once it takes over a second. Without a terminal it prints nothing. */
export class Progress {
  readonly #output: Output;
  #startedAt = 0;
  readonly #timer: NodeJS.Timeout | null;
  #text = '';
  #isDrawn = false;

  constructor(output: Output) {
    this.#output = output;
    this.#timer = output.isTerminal ? setInterval(() => this.#draw(), REDRAWN_EVERY_MS) : null;
    this.#timer?.unref();
  }

  /** Counts from the first text, or from the first after an empty one. */
  show(text: string): void {
    if (this.#text === '') this.#startedAt = performance.now();
    this.#text = text;
  }

  /** Removes the line, so that something else can be printed. It returns with the next redraw. */
  clear(): void {
    if (this.#isDrawn) this.#output.write(CLEAR_LINE);
    this.#isDrawn = false;
  }

  end(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.clear();
  }

  #draw(): void {
    const tookMs = performance.now() - this.#startedAt;
    if (this.#text === '' || tookMs < SHOWN_AFTER_MS) return;
    const line = `${this.#text} (${Math.floor(tookMs / 1000)} s)`;
    this.#output.write(`${CLEAR_LINE}${line.slice(0, (this.#output.columns || 80) - 1)}`);
    this.#isDrawn = true;
  }
}

/** What a run does now, as the line of progress. */
export function progressOf(event: RunEvent): string {
  switch (event.kind) {
    case 'reading':
      return 'reading the account';
    case 'read':
      return 'comparing the account with the policy';
    case 'planned':
      return `writing ${event.plan.changes.length} changes`;
    case 'canary':
      return `writing one PUT first, to ${oddVisible(principalText(event.principal))}`;
    case 'batch-ended':
      return `writing: ${event.done} of ${event.total} writes done`;
    case 'confirming':
      return `reading back what was written (${event.attempt} of at most ${event.attemptsMost})`;
    case 'trying-again':
      return `trying ${event.changes} changes again (round ${event.round})`;
  }
}

type Format = Parameters<typeof styleText>[0];

const COLOURS: Paint = {
  strong: colour('bold'),
  faint: colour('dim'),
  gain: colour('green'),
  loss: colour('red'),
  warn: colour('yellow'),
  fail: colour(['red', 'bold']),
};

/** `hasColour` decides for the stream that is printed to. Node would decide for its own stdout. */
function colour(format: Format): (text: string) => string {
  return (text) => styleText(format, text, { validateStream: false });
}

/** The narrowest output that grantd lays text out for, and the width of a terminal that does not say its own. */
const COLUMNS_LEAST = 40;
const COLUMNS_USUAL = 80;

/** How to print to this stream: the colours, and the width. */
export function paintOn(output: Output, env: Environment, mayColour: boolean): Paint {
  const columns = columnsOf(output, env);
  const paint = paintFor(output, env, mayColour);
  return columns === null ? paint : { ...paint, columns };
}

/** The columns of the terminal; if it has none, those of COLUMNS. A pipe without COLUMNS takes lines of any length: null. */
function columnsOf({ columns, isTerminal }: Output, env: Environment): number | null {
  const named = /^[0-9]{1,5}$/.test(env['COLUMNS'] ?? '') ? Number(env['COLUMNS']) : 0;
  const found = columns || named || (isTerminal ? COLUMNS_USUAL : null);
  return found === null ? null : Math.max(found, COLUMNS_LEAST);
}

/** Colours on a terminal, none in a pipe. FORCE_COLOR and then NO_COLOR override that; `--no-color` overrides all. */
export function paintFor(output: Output, env: Environment, mayColour: boolean): Paint {
  return mayColour && hasColour(output, env) ? COLOURS : PLAIN;
}

function hasColour(output: Output, env: Environment): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  return output.isTerminal && env['TERM'] !== 'dumb';
}
