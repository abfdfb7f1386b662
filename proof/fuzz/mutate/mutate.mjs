import { BYTE_MUTATIONS } from './bytes.mjs';
import { JSON_MUTATIONS } from './json.mjs';
import { textMutations } from './text.mjs';

/** Longer inputs find little that shorter ones do not, and take longer. Long texts have tests of their own. */
export const INPUT_BYTES_MOST = 64 * 1024;

/** Shares of the kinds of change, by what an input is. */
const SHARES = {
  text: { own: 0, json: 0, text: 0.75 },
  json: { own: 0, json: 0.65, text: 0.15 },
  own: { own: 0.5, json: 0, text: 0.25 },
};

/**
 * Makes a mutator for inputs of one kind. `own` are changes that only this kind knows.
 * @param {{ shape: 'text' | 'json' | 'own', words?: readonly string[], own?: readonly Function[] }} kind
 */
export function mutatorOf({ shape, words = [''], own = [] }) {
  const shares = SHARES[shape];
  const texts = textMutations(words);
  return (bytes, random, donor) => {
    let changed = bytes;
    do {
      const luck = random.next();
      const kind = listFor(luck);
      changed = random.pick(kind)(changed, random, donor).subarray(0, INPUT_BYTES_MOST);
    } while (random.isLucky(0.45));
    return changed;
  };

  function listFor(luck) {
    if (luck < shares.own) return own;
    if (luck < shares.own + shares.json) return JSON_MUTATIONS;
    if (luck < shares.own + shares.json + shares.text) return texts;
    return BYTE_MUTATIONS;
  }
}
