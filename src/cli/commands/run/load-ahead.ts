import { validator } from '../../open/policy.ts';

/** Loading keeps the process busy, and the wait for the policy's text counts from the first look at it: that goes first. */
const AFTER_MS = 60;

/**
 * Soon loads what the first run needs, while the text of the policy is waited for to stay the same. Who needs it loads it
 * again, at no cost, and tells of a failure.
 */
export function loadAhead(): void {
  const load = () =>
    void Promise.all([
      validator(),
      import('../../../adapters/mailtrap/client.ts'),
      import('../../../run/reconcile/reconcile.ts'),
    ]).catch(() => {});
  setTimeout(load, AFTER_MS).unref();
}
