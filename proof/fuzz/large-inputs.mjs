import { INVALID_TEXTS, LARGE_TEXTS } from '../../test/support/hostile-texts.mjs';
import { LARGE_POLICIES } from '../../test/support/large-policies.mjs';
import { storedInputs } from './corpus.mjs';
import { grownTexts } from './mutate/grow.mjs';
import { LARGE_BYTES_MOST } from './mutate/mutate.mjs';
import { grownLog } from './targets/audit.mjs';
import { TARGETS } from './targets/targets.mjs';

const INVALID = Object.values(INVALID_TEXTS).map(({ text }) => text);

/** What a target begins with besides its stored inputs. It is made when the fuzzer starts: nobody reads a file of a MiB. */
export function largeInputs(name) {
  const target = TARGETS.find((one) => one.name === name);
  return textsFor(target)
    .map((text) => Buffer.from(text))
    .filter(({ length }) => length <= LARGE_BYTES_MOST);
}

function textsFor(target) {
  switch (target.name) {
    case 'policy':
      return [...INVALID, ...Object.values(LARGE_TEXTS), ...LARGE_POLICIES.map(({ text }) => text)];
    case 'settings':
      return [...INVALID, accounts(25_000)];
    case 'audit':
      return storedInputs(target).map(({ bytes }) => grownLog(bytes, LARGE_BYTES_MOST));
    case 'http':
      return [];
    default:
      return storedInputs(target).flatMap(({ bytes }) => grownTexts(bytes.toString('utf8')));
  }
}

function accounts(count) {
  return `accounts:\n${Array.from({ length: count }, (_, n) => `  - { policy: p${n}, tokenFile: t${n} }\n`).join('')}`;
}
