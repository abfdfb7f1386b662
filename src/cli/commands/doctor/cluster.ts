import type { Right } from '../../../adapters/kubernetes/access-review.ts';
import { objectName } from '../../../adapters/settings/kubernetes-kinds.ts';
import type { Settings } from '../../../adapters/settings/settings-table.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import { counted } from '../../../core/domain/text/text.ts';
import { InvalidSettings } from '../../line/errors.ts';
import { clusterPlace } from '../../open/cluster-place.ts';
import { readVersion } from '../../process/shipped-file.ts';
import type { DoctorContext } from './context.ts';
import { type DoctorFinding, fail, failFrom, ok, unknown } from './finding.ts';

/** Whether the Kubernetes API answers, and lets this service account do what the settings need. */
export async function checkCluster(context: DoctorContext): Promise<DoctorFinding> {
  const { settings } = context.call;
  const { lease, stateConfigMap } = settings;
  if (lease === 'off' && stateConfigMap === null) {
    return ok('not needed: lease is off, so only one replica may run, and no stateConfigMap is set');
  }
  const look = await context.policyLook();
  if (look.kind !== 'valid') return unknown('not asked: no valid policy says which account it is');
  const { account } = look.resolved.policy;
  const version = await readVersion();
  try {
    const place = clusterPlace(context.call, version);
    const { KubeApi } = await import('../../../adapters/kubernetes/kube-api.ts');
    const { missingRights, rightText } = await import('../../../adapters/kubernetes/access-review.ts');
    const needed = await neededRights(settings, account);
    const missing = await missingRights(new KubeApi(place), needed);
    if (missing.length === 0) {
      return ok(`${place.url.origin} lets it ${needed.map(rightText).join(', ')} in namespace ${place.namespace}`);
    }
    return fail(
      `the service account lacks ${counted(missing.length, 'right')} in namespace ${place.namespace}: ${missing.map(rightText).join(', ')}`,
      'grant them with a Role and a RoleBinding, as docs/high-availability.md shows',
    );
  } catch (error) {
    if (error instanceof InvalidSettings) return fromProblems(error);
    if (error instanceof GrantdError) return failFrom(error);
    throw error;
  }
}

async function neededRights(settings: Settings, account: number): Promise<readonly Right[]> {
  const { leaseRights, configMapRights } = await import('../../../adapters/kubernetes/access-review.ts');
  const { lease, leaseName, stateConfigMap } = settings;
  return [
    ...(lease === 'off' ? [] : leaseRights(objectName(leaseName, account))),
    ...(stateConfigMap === null ? [] : configMapRights(objectName(stateConfigMap, account))),
  ];
}

function fromProblems({ problems }: InvalidSettings): DoctorFinding {
  const found = problems.map(({ where, message }) => `${where}: ${message}`).join('; ');
  return fail(found, problems.map(({ remedy }) => remedy).join('; '));
}
