import { styleText } from 'node:util';
import type { Environment } from '../../adapters/settings/environment.ts';
import { type Paint, PLAIN } from '../../report/layout/paint.ts';
import type { Output } from './io.ts';

type Format = Parameters<typeof styleText>[0];

const COLOURS: Paint = {
  strong: colour('bold'),
  faint: colour('dim'),
  gain: colour('green'),
  loss: colour('red'),
  warn: colour('yellow'),
  fail: colour(['red', 'bold']),
};

/** Whether there is colour at all is decided below, for the stream that is printed to; Node would ask its own stdout. */
function colour(format: Format): (text: string) => string {
  return (text) => styleText(format, text, { validateStream: false });
}

/** Colours for a terminal, nothing for a pipe; FORCE_COLOR, then NO_COLOR, decide otherwise, and `--no-color` for good. */
export function paintFor(output: Output, env: Environment, wantsColour: boolean): Paint {
  return wantsColour && hasColour(output, env) ? COLOURS : PLAIN;
}

function hasColour(output: Output, env: Environment): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  return output.isTerminal && env['TERM'] !== 'dumb';
}
