import type { ResolvedPolicy } from '../../../src/core/domain/policy/entitlement.ts';
import type { Revision } from '../../../src/core/domain/policy/revision.ts';
import type { PolicyReading } from '../../../src/core/domain/run/daemon-ports.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import type { Instant } from '../../../src/core/domain/text/instant.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { buildPolicy, type PolicySpec } from '../../support/policy-builder.ts';

export function resolved(spec: PolicySpec = {}): ResolvedPolicy {
  return resolvePolicy(buildPolicy(spec));
}

/** `name` stands for the text: equal names are equal texts. */
export function revision(name: string, commit: string | null = null): Revision {
  return { sha256: name, commit };
}

export function valid(name: string, spec: PolicySpec = {}, modifiedAt: Instant = 0): PolicyReading & { kind: 'valid' } {
  return { kind: 'valid', revision: revision(name), resolved: resolved(spec), problems: [], modifiedAt };
}

export function invalid(name: string, saysPaused = false): PolicyReading {
  return { kind: 'invalid', revision: revision(name), problems: [], saysPaused };
}

export function missing(message = 'policy.yaml does not exist'): PolicyReading {
  return { kind: 'unreadable', error: new GrantdError('policy-unreadable', message, 'check the path') };
}
