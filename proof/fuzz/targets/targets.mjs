import { API_TARGETS } from './api.mjs';
import { auditTarget } from './audit.mjs';
import { httpTarget } from './http.mjs';
import { planTarget } from './plan-file.mjs';
import { policyTarget } from './policy.mjs';
import { settingsTarget } from './settings.mjs';
import { snapshotTarget } from './snapshot.mjs';
import { stateTarget } from './state.mjs';
import { stateFileTarget } from './state-file.mjs';

/** Everything that is fuzzed. `share` is how many of all executions it gets, in parts; what is slow gets few. */
export const TARGETS = [
  policyTarget,
  settingsTarget,
  snapshotTarget,
  planTarget,
  stateTarget,
  stateFileTarget,
  auditTarget,
  ...API_TARGETS,
  httpTarget,
];

/** How many executions each of some targets gets of all. */
export function executionsOf(names, all) {
  const chosen = TARGETS.filter(({ name }) => names.includes(name));
  const shares = chosen.reduce((sum, { share }) => sum + share, 0);
  return new Map(chosen.map(({ name, share }) => [name, Math.ceil((all * share) / shares)]));
}
