import { TARGETS } from './targets/targets.mjs';

/** Where the built code is, as the URL that V8 calls it by. */
export const DIST = new URL('../../dist/', import.meta.url).href;

/**
 * @typedef {object} OpenTarget a target, ready to be tried with inputs
 * @property {string} name
 * @property {string} [seedsOf] the target whose stored seeds it begins with, where it has none of its own
 * @property {Buffer[]} [seeds] inputs that it makes itself
 * @property {(bytes: Buffer) => unknown} check throws where a promise is broken
 * @property {() => unknown} [close]
 */

/**
 * @returns {Promise<OpenTarget>}
 * @param {string} name
 * @param {(path: string) => Promise<object>} load brings a module of grantd, such as `core/validate/validate-policy`
 */
export async function openTarget(name, load) {
  const target = TARGETS.find((one) => one.name === name);
  if (target === undefined) throw new Error(`there is no target "${name}"`);
  return { ...target, ...(await target.open(load)) };
}
