/** What the plugins refuse and add, in upstream's words (wire-spec §12). What they add on create is also compared in ../kinds/stored.test.ts. */
import { expect, test } from 'vitest';
import { ManualClock } from '../../../../kernel/clock.manual.ts';
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import { seededRandom } from '../../../../kernel/random.ts';
import { StatusError } from '../../../client/status.ts';
import type { AdmissionRequest, Kind, WriteContext } from '../kind.ts';
import { kinds } from '../kinds/index.ts';
import { fields, items, spec } from '../kinds/parts/reading.ts';
import { admissionChain } from './index.ts';

const user = { username: 'kubernetes-admin', groups: [] };

function row(resource: string): Kind {
  const found = kinds.find((kind) => kind.resource === resource);
  if (!found) throw new Error(`no row for ${resource}`);
  return found;
}

function named(name: string, rest: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'X', metadata: { name, ...rest } };
}

function context(objects: Readonly<Record<string, KubeObject>>): WriteContext {
  return {
    clock: new ManualClock(),
    random: seededRandom('admission'),
    lookup: {
      get: (resource, name) => objects[`${resource}/${name}`],
      list: (resource) =>
        Object.entries(objects).flatMap(([key, value]) => (key.startsWith(`${resource}/`) ? [value] : [])),
    },
    warn: () => undefined,
  };
}

const home = { 'namespaces/n': named('n'), 'serviceaccounts/default': named('default') };

function admit(
  request: Pick<AdmissionRequest, 'kind' | 'object'> & Partial<AdmissionRequest>,
  objects: Readonly<Record<string, KubeObject>> = home,
): KubeObject {
  const whole = { operation: 'create' as const, user, dryRun: false, ...request };
  return admissionChain.reduce(
    (object, plugin) => plugin.admit({ ...whole, object }, context(objects)),
    request.object,
  );
}

function pod(given: object = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'n' },
    spec: { containers: [{ name: 'c', image: 'x' }], ...given },
  };
}

test('a missing namespace', () => {
  expect(() => admit({ kind: row('pods'), object: pod() }, {})).toThrow('namespaces "n" not found');
});

test('a leaving namespace', () => {
  const leaving = { 'namespaces/n': named('n', { deletionTimestamp: '2026-01-01T00:00:00Z' }) };
  const create = (): KubeObject =>
    admit({ kind: row('configmaps'), object: { ...named('x', { namespace: 'n' }), kind: 'ConfigMap' } }, leaving);
  expect(create).toThrow(
    'configmaps "x" is forbidden: unable to create new content in namespace n because it is being terminated',
  );
  try {
    create();
  } catch (error) {
    expect(error instanceof StatusError && error.details.causes?.[0]?.reason).toBe('NamespaceTerminating');
  }
});

test.each(['default', 'kube-system', 'kube-public'])('%s may not be deleted', (name) => {
  expect(() => admit({ kind: row('namespaces'), operation: 'delete', object: named(name) })).toThrow(
    `namespaces "${name}" is forbidden: this namespace may not be deleted`,
  );
});

test('kube-node-lease may be deleted', () => {
  expect(admit({ kind: row('namespaces'), operation: 'delete', object: named('kube-node-lease') }).metadata.name).toBe(
    'kube-node-lease',
  );
});

test('a missing service account', () => {
  expect(() => admit({ kind: row('pods'), object: pod({ serviceAccountName: 'nosuch' }) })).toThrow(
    'pods "p" is forbidden: error looking up service account n/nosuch: serviceaccount "nosuch" not found',
  );
});

test('no token where the Pod or its account says so', () => {
  expect(
    items(spec(admit({ kind: row('pods'), object: pod({ automountServiceAccountToken: false }) }))['volumes']),
  ).toEqual([]);
  const account = { ...home, 'serviceaccounts/default': { ...named('default'), automountServiceAccountToken: false } };
  expect(items(spec(admit({ kind: row('pods'), object: pod() }, account))['volumes'])).toEqual([]);
});

test('a class that is not there, and one that is built in', () => {
  expect(() => admit({ kind: row('pods'), object: pod({ priorityClassName: 'nosuch' }) })).toThrow(
    'pods "p" is forbidden: no PriorityClass with name nosuch was found',
  );
  expect(
    spec(admit({ kind: row('pods'), object: pod({ priorityClassName: 'system-node-critical' }) }))['priority'],
  ).toBe(2_000_001_000);
});

test('tolerations of one’s own stand', () => {
  const own = { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 10 };
  const tolerations = items(spec(admit({ kind: row('pods'), object: pod({ tolerations: [own] }) }))['tolerations']);
  expect(tolerations.map(({ key, tolerationSeconds }) => [key, tolerationSeconds])).toEqual([
    ['node.kubernetes.io/unreachable', 10],
    ['node.kubernetes.io/not-ready', 300],
  ]);
});

test('an empty class name asks for none', () => {
  const standard = named('standard', { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } });
  const claim = (given: object): KubeObject => ({
    ...named('c', { namespace: 'n' }),
    kind: 'PersistentVolumeClaim',
    spec: given,
  });
  const objects = { ...home, 'storageclasses.storage.k8s.io/standard': standard };
  const kind = row('persistentvolumeclaims');
  expect(spec(admit({ kind, object: claim({}) }, objects))['storageClassName']).toBe('standard');
  expect(fields(spec(admit({ kind, object: claim({ storageClassName: '' }) }, objects)))['storageClassName']).toBe('');
});
