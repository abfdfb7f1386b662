import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Files, publishVolume } from '../../adapters/policy-file/delivery/support/publish.ts';
import type { Container, KubernetesObject, Pod } from './kubernetes-object.ts';

/** What is in the cluster besides the chart: by name of the Secret, its keys. */
export type Secrets = Readonly<Record<string, Files>>;

/**
 * The volumes of one container of a rendered pod below a directory, as the kubelet lays them out: ConfigMaps and Secrets by its
 * atomic writer with the modes of the chart, the others empty. Seen from `outside`, the directory stands before every mount
 * path in settings, arguments and environment: nothing else of what the chart says is changed. Seen from `inside`, where
 * each is mounted at its place, nothing is.
 */
export class PodOnDisk {
  readonly #root: string;
  readonly #pod: Pod;
  readonly #container: Container;

  readonly #seenFrom: 'outside' | 'inside';

  constructor(root: string, pod: Pod, seenFrom: 'outside' | 'inside' = 'outside') {
    this.#seenFrom = seenFrom;
    this.#root = root;
    this.#pod = pod;
    const found = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].find(({ name }) => name !== 'git-sync');
    if (!found) throw new Error(`${pod.of} has no container`);
    this.#container = found;
    for (const { mountPath } of found.volumeMounts ?? []) mkdirSync(this.place(mountPath), { recursive: true });
  }

  /** Brings what the ConfigMaps and Secrets hold now, as the kubelet does after they changed. */
  bring(objects: readonly KubernetesObject[], secrets: Secrets): void {
    for (const { name, mountPath } of this.#container.volumeMounts ?? []) {
      const volume = this.#pod.spec.volumes?.find((candidate) => candidate.name === name);
      const configMap = volume?.['configMap'] as { readonly name: string } | undefined;
      const secret = volume?.['secret'] as SecretVolume | undefined;
      if (configMap) publishVolume(this.place(mountPath), this.#textsOf(objects, configMap.name));
      if (secret) publishVolume(this.place(mountPath), filesOf(secret, secrets), secret.defaultMode);
    }
  }

  place(mountPath: string): string {
    return join(this.#root, mountPath);
  }

  moved(text: string): string {
    if (this.#seenFrom === 'inside') return text;
    const paths = (this.#container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
    return paths.reduce((moved, path) => moved.replaceAll(path, this.place(path)), text);
  }

  get args(): readonly string[] {
    return (this.#container.args ?? []).map((argument) => this.moved(argument));
  }

  get env(): Readonly<Record<string, string>> {
    return Object.fromEntries((this.#container.env ?? []).map(({ name, value = '' }) => [name, this.moved(value)]));
  }

  /** The texts of a ConfigMap of the chart; only its settings name paths. */
  #textsOf(objects: readonly KubernetesObject[], name: string): Files {
    const found = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
    if (!found) throw new Error(`there is no ConfigMap ${name}`);
    const isSettings = name.endsWith('-settings');
    const texts = Object.entries(found.data ?? {}).map(([key, text]) => [key, isSettings ? this.moved(text) : text]);
    return Object.fromEntries(texts);
  }
}

interface SecretVolume {
  readonly secretName: string;
  readonly defaultMode: number;
  readonly items: readonly { readonly key: string; readonly path: string }[];
}

function filesOf({ secretName, items }: SecretVolume, secrets: Secrets): Files {
  const files = items.map(({ key, path }) => {
    const text = secrets[secretName]?.[key];
    if (text === undefined) throw new Error(`the Secret ${secretName} has no ${key}: the pod would not start`);
    return [path, text];
  });
  return Object.fromEntries(files);
}
