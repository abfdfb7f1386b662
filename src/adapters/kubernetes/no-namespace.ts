import { GrantdError } from '../../core/domain/text/error.ts';

/** Nothing can be made in a namespace that is not there. */
export function noNamespace(namespace: string): GrantdError {
  const message = `there is no namespace ${namespace} in the cluster`;
  return new GrantdError('cluster-refused', message, 'correct kubernetesNamespace, or make the namespace');
}
