import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { render, whyNoHelm } from '../chart/support/helm.ts';
import { podsOf } from '../chart/support/kubernetes-object.ts';
import { PodOnDisk } from '../chart/support/pod-on-disk.ts';
import { linesOf, logged } from '../process/support/daemon.ts';
import { ROOT } from '../support/build.ts';
import { simulate } from '../support/simulate.ts';
import { skipFor, skippedFor } from '../support/skipped-for.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { GIVING_POLICY, POLICY, pointedAt } from '../support/workplace.ts';
import { BUILD_TIMEOUT_MS, Image, whyNoImage } from './support/buildah.ts';
import { firstProcessOf, startContainer } from './support/container.ts';

/** How much the image may add to its base. */
const ADDED_BYTES_MAX = 20_000_000;

const IMAGE_USER = 65_532;

describe('the image', skippedFor(whyNoImage), () => {
  let image: Image;
  beforeAll(() => {
    image = Image.build({ VERSION: '1.2.3', REVISION: 'c0ffee', SOURCE: 'https://example.com/grantd' });
  }, BUILD_TIMEOUT_MS);
  afterAll(() => image?.close());

  it('says what it is, who runs in it, and that grantd is its first process', () => {
    expect(image.config).toMatchObject({
      User: `${IMAGE_USER}:${IMAGE_USER}`,
      Entrypoint: ['node', '--max-semi-space-size=1', '--v8-pool-size=1', '/app/dist/main.js'],
      Cmd: ['run'],
      WorkingDir: '/app',
      Labels: {
        'org.opencontainers.image.title': 'grantd',
        'org.opencontainers.image.version': '1.2.3',
        'org.opencontainers.image.revision': 'c0ffee',
        'org.opencontainers.image.source': 'https://example.com/grantd',
        'org.opencontainers.image.licenses': 'MIT',
      },
    });
    expect(image.config.Env).toContain('NODE_ENV=production');
  });

  it('adds at most 20 MB to its base', () => {
    const added = bytesOf(image.root) - bytesOf(image.baseRoot);
    process.stderr.write(`the image adds ${(added / 1e6).toFixed(1)} MB to its base\n`);
    expect(added).toBeGreaterThan(0);
    expect(added).toBeLessThanOrEqual(ADDED_BYTES_MAX);
  });

  it('holds the packages that run, and nothing else of the tree', () => {
    expect(readdirSync(join(image.root, 'app')).sort()).toEqual(
      ['LICENSE', 'config', 'dist', 'node_modules', 'package.json', 'schemas'].sort(),
    );
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
    const needed = Object.keys(packages).filter(
      (path) => path !== '' && !packages[path].dev && !packages[path].optional,
    );
    expect(needed.filter((path) => !existsSync(join(image.root, 'app', path)))).toEqual([]);
    const unneeded = Object.keys(packages).filter((path) => packages[path].dev);
    expect(unneeded.length).toBeGreaterThan(100);
    expect(unneeded.filter((path) => existsSync(join(image.root, 'app', path)))).toEqual([]);
    for (const left of ['build', 'root/.npmrc', 'root/.npm'])
      expect(existsSync(join(image.root, left)), left).toBe(false);
  });

  it('every licence of a package is in it', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
    const kept = Object.keys(packages).filter((path) => path !== '' && existsSync(join(image.root, 'app', path)));
    const isLicence = (name: string) => /^licen[sc]e/i.test(name);
    const lost = kept.filter((path) => {
      const has = (root: string) => readdirSync(join(root, path)).some(isLicence);
      return has(ROOT) && !has(join(image.root, 'app'));
    });
    expect(lost).toEqual([]);
  });

  it('has the commands under the name grantd', async () => {
    const command = { ...image.config, Entrypoint: ['grantd'] };
    const { code, stdout } = await startContainer({ root: image.root, config: command }, { args: ['--version'] }).ended;
    expect([code, stdout.trim()]).toEqual([0, JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version]);
  });

  it('runs the daemon on a read-only root, as nobody in particular, until SIGTERM ends it with 0', async () => {
    const simulator = await simulate();
    const directory = mkdtempSync(join(tmpdir(), 'grantd-image-'));
    writeFileSync(join(directory, 'policy.yaml'), GIVING_POLICY);
    chmodSync(directory, 0o755);
    const state = mkdtempSync(join(tmpdir(), 'grantd-image-'));
    chownSync(state, IMAGE_USER, IMAGE_USER);
    const args = ['run', '/etc/grantd/policy.yaml', '--http-address', '127.0.0.1:0', '--start-jitter-ms', '0'];
    const binds = [
      { from: directory, to: '/etc/grantd', isReadOnly: true },
      { from: state, to: '/var/lib/grantd', isReadOnly: false },
    ];
    const env = { ...pointedAt(simulator), GRANTD_STATE_DIR: '/var/lib/grantd' };
    const daemon = startContainer(image, { args, env, binds });
    expect((await logged(daemon, 'run.ended'))[0]).toMatchObject({ end: 'complete' });
    expect(simulator.rows('heidi@example.com')).toHaveProperty('project:4001', 10);

    const first = firstProcessOf(daemon);
    expect(first).toMatchObject({ pidInside: 1, capabilities: 0n, canGainPrivileges: false });
    expect(first.uids).toEqual([IMAGE_USER, IMAGE_USER, IMAGE_USER, IMAGE_USER]);
    const inside = ['--target', `${first.pid}`, '--mount', 'touch', `${image.root}/app/x`];
    expect(spawnSync('nsenter', inside, { encoding: 'utf8' }).stderr).toContain('Read-only file system');
    process.kill(first.pid, 'SIGTERM');
    expect(await daemon.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(linesOf(daemon).at(-1)).toMatchObject({ event: 'daemon.stopped' });
    expect(readdirSync(state).sort()).toEqual(expect.arrayContaining(['account-3229.json', 'audit-3229.jsonl']));
    for (const path of [directory, state]) rmSync(path, { recursive: true });
  });

  it('asks through a proxy where one is set', async () => {
    const asked: string[] = [];
    const proxy = createServer().listen(0, '127.0.0.1');
    proxy.on('connect', (request, socket) => {
      asked.push(`${request.url}`);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await new Promise((resolve) => proxy.once('listening', resolve));
    const { port } = proxy.address() as AddressInfo;
    const directory = mkdtempSync(join(tmpdir(), 'grantd-image-'));
    chmodSync(directory, 0o755);
    writeFileSync(join(directory, 'policy.yaml'), POLICY);
    const env = {
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      GRANTD_API_URL: 'https://mailtrap.example',
      MAILTRAP_API_TOKEN: ADMIN_TOKEN,
    };
    const binds = [{ from: directory, to: '/etc/grantd', isReadOnly: true }];
    const { code } = await startContainer(image, { args: ['plan', '/etc/grantd/policy.yaml'], env, binds }).ended;
    proxy.close();
    rmSync(directory, { recursive: true });
    expect([code, asked[0]]).toEqual([1, 'mailtrap.example:443']);
  });

  it('the pod of the chart, with its mounts at their places, its settings and its rights, converges', async (context) => {
    if (whyNoHelm !== null) skipFor(context, whyNoHelm);
    const simulator = await simulate();
    const root = mkdtempSync(join(tmpdir(), 'grantd-image-'));
    const policy = join(root, 'inline.yaml');
    writeFileSync(policy, GIVING_POLICY);
    const sets = ['--set', `settings.apiUrl=${simulator.url}`, '--set-file', `policy.inline=${policy}`];
    const objects = render('deployment-inline', [
      ...sets,
      '--set',
      'http.host=127.0.0.1',
      '--set',
      `http.port=${await freePort()}`,
    ]);
    const pod = podsOf(objects).find(({ of }) => of.startsWith('Deployment'));
    if (!pod) throw new Error('there is no Deployment');
    const disk = new PodOnDisk(root, pod, 'inside');
    disk.bring(objects, { 'mailtrap-token': { token: ADMIN_TOKEN } });
    chmodSync(root, 0o755);
    const { fsGroup } = pod.spec.securityContext as { fsGroup: number };
    giveToGroup(root, fsGroup);
    const [container] = pod.spec.containers;
    const { runAsUser, runAsGroup } = (container?.securityContext ?? {}) as Readonly<Record<string, number>>;
    const binds = (container?.volumeMounts ?? []).map(({ mountPath, readOnly = false }) => ({
      from: disk.place(mountPath),
      to: mountPath,
      isReadOnly: readOnly,
    }));
    const asPod = { ...image.config, User: `${runAsUser}:${runAsGroup}` };
    const daemon = startContainer({ root: image.root, config: asPod }, { args: disk.args, env: disk.env, binds });
    expect((await logged(daemon, 'run.ended'))[0]).toMatchObject({ end: 'complete' });
    expect(linesOf(daemon).filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
    process.kill(firstProcessOf(daemon).pid, 'SIGTERM');
    expect(await daemon.ended).toMatchObject({ code: 0, stderr: '' });
    rmSync(root, { recursive: true });
  });
});

function bytesOf(root: string): number {
  const { stdout, status } = spawnSync('du', ['--summarize', '--apparent-size', '--bytes', root], { encoding: 'utf8' });
  if (status !== 0) throw new Error('du failed');
  return Number(stdout.split('\t')[0]);
}

/** As the kubelet gives volumes to the fsGroup: the group of all that is in them, which may write where root may. */
function giveToGroup(directory: string, group: number): void {
  chownSync(directory, 0, group);
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    lchownSync(path, 0, group);
    if (entry.isDirectory()) chmodSync(path, 0o2775);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
