import { validator } from './open-policy.ts';

/**
 * Begins to load what the first run needs, while the text of the policy is waited for to stay the same. Who needs it loads it
 * again, at no cost, and tells of a failure.
 */
export function loadAhead(): void {
  Promise.all([validator(), import('../mailtrap/client.ts')]).catch(() => {});
}
