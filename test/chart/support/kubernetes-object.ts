/** What the tests look at in an object; the validators look at all of it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: what stands there is the matter of the validators
  readonly spec?: any;
  readonly rules?: readonly {
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
}

export interface Mount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly restartPolicy?: string;
  readonly readinessProbe?: object;
  readonly livenessProbe?: object;
  readonly startupProbe?: object;
  readonly volumeMounts?: readonly Mount[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
}

/** A pod as one is made of it: the template of a workload, or the pod itself. */
export interface Pod {
  readonly of: string;
  readonly spec: {
    readonly serviceAccountName?: string;
    readonly automountServiceAccountToken?: boolean;
    readonly securityContext?: Readonly<Record<string, unknown>>;
    readonly initContainers?: readonly Container[];
    readonly containers: readonly Container[];
    readonly volumes?: readonly (Readonly<Record<string, object>> & { readonly name: string })[];
    readonly terminationGracePeriodSeconds?: number;
    readonly restartPolicy?: string;
  };
}

/** Every pod that the objects lead to. */
export function podsOf(objects: readonly KubernetesObject[]): readonly Pod[] {
  return objects.flatMap(({ kind, metadata, spec }) => {
    const of = `${kind} ${metadata.name}`;
    if (kind === 'Pod') return [{ of, spec }];
    if (kind === 'Deployment') return [{ of, spec: spec.template.spec }];
    if (kind === 'CronJob') return [{ of, spec: spec.jobTemplate.spec.template.spec }];
    return [];
  });
}

export function containersOf({ spec }: Pod): readonly Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}
