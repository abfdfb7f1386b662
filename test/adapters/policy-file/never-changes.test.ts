import { expect, test } from 'vitest';
import { frozenBy, mountOf, parseMountInfo } from '../../../src/adapters/policy-file/never-changes.ts';

const TEXT = String.raw`22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 27 0:52 /volume /git rw master:1 propagate_from:2 - tmpfs tmpfs rw
41 27 254:0 /var/lib/x/policy.yaml /etc/policies/one\040file\011\134.yaml ro - ext4 /dev/vda rw
42 27 254:0 /plugins/configmap/..2026_11_23_10_11_12.123456789/team /etc/frozen ro - ext4 /dev/vda rw
43 27 254:0 /srv/policies//deleted /etc/gone ro - ext4 /dev/vda rw
44 40 0:53 / /git rw - tmpfs tmpfs rw
`;

const MOUNTS = parseMountInfo(TEXT);

test('reads root and mount point of every line, escapes undone', () => {
  expect(MOUNTS).toHaveLength(7);
  expect(MOUNTS[2]).toEqual({ root: '/volume', point: '/git' });
  expect(MOUNTS[3]).toEqual({ root: '/var/lib/x/policy.yaml', point: '/etc/policies/one file\t\\.yaml' });
  expect(parseMountInfo('')).toEqual([]);
  expect(parseMountInfo('something else\n')).toEqual([]);
});

test('a path belongs to the deepest mount, and to the later of two mounts at one point', () => {
  expect(mountOf(MOUNTS, '/git/current/policy.yaml')).toEqual({ root: '/', point: '/git' });
  expect(mountOf(MOUNTS, '/gitlab/policy.yaml')).toEqual({ root: '/', point: '/' });
  expect(mountOf([], '/git')).toBeNull();
});

test.each([
  [['/etc/policies/one file\t\\.yaml'], 'is mounted by itself'],
  [['/elsewhere', '/etc/policies/one file\t\\.yaml'], 'is mounted by itself'],
  [['/etc/frozen/policy.yaml'], 'is in a subPath mount of one version'],
  [['/etc/gone/policy.yaml'], 'is in a mounted directory whose source was deleted'],
])('%j never changes: it %s', (paths, words) => {
  expect(frozenBy(MOUNTS, paths, 'policy.yaml')).toMatch(new RegExp(`^policy\\.yaml .*${words}.*mount the directory`));
});

test.each([[['/git/current/policy.yaml']], [['/etc/policies/two.yaml']], [['/policy.yaml']], [[]]])(
  '%j may change',
  (paths) => {
    expect(frozenBy(MOUNTS, paths, 'policy.yaml')).toBeNull();
  },
);
