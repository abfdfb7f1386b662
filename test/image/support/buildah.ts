import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../support/build.ts';

/** Long enough for two installs of packages on a loaded machine. */
export const BUILD_TIMEOUT_MS = 900_000;

const PULL_TIMEOUT_MS = 180_000;

/** The base that the Dockerfile names. */
const BASE = /^ARG BASE=(\S+)$/m.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'))?.[1] ?? '';

/** Images may be kept in a place of one's own. */
const STORAGE = process.env['BUILDAH_ROOT']
  ? ['--storage-driver', 'vfs', '--root', process.env['BUILDAH_ROOT'], '--runroot', `${process.env['BUILDAH_RUNROOT']}`]
  : [];

function run(args: readonly string[], timeout = BUILD_TIMEOUT_MS) {
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout } as const;
  return spawnSync('buildah', [...STORAGE, ...args], options);
}

function buildah(...args: readonly string[]): string {
  const { status, stdout, stderr } = run(args);
  if (status !== 0) throw new Error(`buildah ${args[0]} failed: ${stderr}`);
  return stdout.trim();
}

/** Why no image can be built here, or null. Printed, so that skipped tests are seen. */
export const whyNoImage: string | null = (() => {
  const reason = reasonAgainst();
  if (reason !== null) process.stderr.write(`skipped: no image is built here: ${reason}\n`);
  return reason;
})();

function reasonAgainst(): string | null {
  if (!process.env['GRANTD_TEST_IMAGE']) return 'that takes minutes; `npm run test:image` does it';
  if (run(['--version']).status !== 0) return 'there is no buildah (a package of Debian, Fedora and others)';
  if (process.getuid?.() !== 0) return 'only root can mount the image and run it as somebody else';
  if (run(['inspect', '--type', 'image', BASE]).status === 0) return null;
  if (run(['pull', '--quiet', BASE], PULL_TIMEOUT_MS).status === 0) return null;
  return `${BASE} is neither here nor to be had from its registry`;
}

export interface ImageConfig {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}

/** The image of the Dockerfile, built for real, and its file system. */
export class Image {
  readonly config: ImageConfig;
  /** Where its files are. */
  readonly root: string;
  /** Where those of its base are. */
  readonly baseRoot: string;
  readonly #containers: readonly string[];

  private constructor(tag: string) {
    this.config = JSON.parse(buildah('inspect', '--type', 'image', tag)).OCIv1.config;
    this.#containers = [buildah('from', '--pull-never', tag), buildah('from', '--pull-never', BASE)];
    const [root = '', baseRoot = ''] = this.#containers.map((container) => buildah('mount', container));
    this.root = root;
    this.baseRoot = baseRoot;
  }

  static build(buildArguments: Readonly<Record<string, string>>): Image {
    const tag = 'localhost/grantd-under-test:latest';
    const npmrc = join(homedir(), '.npmrc');
    buildah(
      ...['bud', '--isolation', 'chroot', '--pull-never', '--tag', tag],
      ...Object.entries(buildArguments).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      ...(existsSync(npmrc) ? ['--secret', `id=npmrc,src=${npmrc}`] : []),
      '.',
    );
    return new Image(tag);
  }

  close(): void {
    buildah('rm', ...this.#containers);
  }
}
