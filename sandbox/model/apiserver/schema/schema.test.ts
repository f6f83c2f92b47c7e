import { describe, expect, it } from 'vitest';
import { schema } from './index.ts';
import { inconsistencies } from './generate/consistency.ts';
import { readTable, tableSchema } from './table.ts';

const POD = 'io.k8s.api.core.v1.Pod';
const DEPLOYMENT = 'io.k8s.api.apps.v1.Deployment';
const meta = { name: 'x' };
const pod = (spec: object): Record<string, unknown> => ({ apiVersion: 'v1', kind: 'Pod', metadata: meta, spec });
const refusal = (type: string, value: unknown): string => {
  try {
    schema.decode(type, value);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'accepted';
};

describe('the committed table', () => {
  it('is well-formed and consistent', () => {
    const table = tableSchema.parse(readTable());
    expect(inconsistencies(table)).toEqual([]);
    expect(Object.keys(table.types).length).toBeGreaterThan(500);
  });
});

describe('decode', () => {
  it('names unknown fields in document order and drops them', () => {
    const { value, unknown } = schema.decode(POD, pod({ containers: [{ name: 'a', imagee: 'x' }], foo: 1 }));
    expect(unknown).toEqual(['spec.containers[0].imagee', 'spec.foo']);
    expect(value).toEqual({ ...pod({ containers: [{ name: 'a', resources: {} }] }), status: {} });
  });

  it.each([
    [
      DEPLOYMENT,
      { spec: { replicas: 'three' } },
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      DEPLOYMENT,
      { spec: { replicas: 1.5 } },
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      POD,
      { metadata: { labels: { a: 1 } } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      POD,
      pod({ containers: [{ image: 5 }] }),
      'json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string',
    ],
    [
      POD,
      pod({ containers: ['a'] }),
      'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container',
    ],
    [
      POD,
      pod({ containers: {} }),
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      POD,
      pod({ containers: [{ imagePullPolicy: true }] }),
      'json: cannot unmarshal bool into Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy',
    ],
    [
      POD,
      pod({ hostNetwork: 'yes' }),
      'json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
    [
      POD,
      { metadata: { creationTimestamp: 5 } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string',
    ],
    [
      POD,
      pod({ volumes: [{ name: 'v', configMap: { defaultMode: 99999999999 } }] }),
      'json: cannot unmarshal number 99999999999 into Go struct field ConfigMapVolumeSource.spec.volumes.VolumeSource.configMap.defaultMode of type int32',
    ],
    [
      POD,
      pod({ containers: [{ livenessProbe: { httpGet: { port: 1.5 } } }] }),
      'json: cannot unmarshal number 1.5 into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32',
    ],
    [POD, [], 'json: cannot unmarshal array into Go value of type v1.Pod'],
    [
      'io.k8s.api.core.v1.Service',
      { spec: { ports: [{ targetPort: true }] } },
      'json: cannot unmarshal bool into Go struct field ServicePort.spec.ports.targetPort of type int32',
    ],
    ['io.k8s.api.core.v1.Secret', { data: { a: 'nope!' } }, 'illegal base64 data at input byte 4'],
    [
      POD,
      pod({ containers: [{ resources: { limits: { cpu: 'lots' } } }] }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])('refuses a wrong type in %s with upstream words (%#)', (type, value, words) => {
    expect(refusal(type, value)).toBe(words);
  });

  it('gives values back as Go writes them', () => {
    const { value } = schema.decode(POD, {
      metadata: { name: 'x', labels: {}, creationTimestamp: null },
      spec: {
        hostNetwork: false,
        terminationGracePeriodSeconds: 0,
        volumes: [{ name: 'v', emptyDir: {} }],
        containers: [{ name: 'a', command: [], resources: { limits: { cpu: 0.5, memory: '1024Mi' } } }],
      },
    });
    expect(value).toEqual({
      metadata: { name: 'x' },
      spec: {
        terminationGracePeriodSeconds: 0,
        volumes: [{ name: 'v', emptyDir: {} }],
        containers: [{ name: 'a', resources: { limits: { cpu: '500m', memory: '1Gi' } } }],
      },
      status: {},
    });
  });

  it('is idempotent', () => {
    const once = schema.decode(DEPLOYMENT, {
      metadata: meta,
      spec: {
        replicas: 0,
        selector: {},
        template: { spec: { containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] } },
      },
    }).value;
    expect(schema.decode(DEPLOYMENT, once)).toEqual({ value: once, unknown: [] });
  });

  it('keeps a key that JavaScript treats specially', () => {
    const value: unknown = JSON.parse('{"data":{"__proto__":"x","constructor":"y"}}');
    expect(Object.entries(schema.decode('io.k8s.api.core.v1.ConfigMap', value).value['data'] ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });
});

describe('applyDefaults', () => {
  it('fills what the schema states, and copies only that', () => {
    const given = pod({ containers: [{ name: 'a', ports: [{ containerPort: 80 }] }], volumes: [] });
    const filled = schema.applyDefaults(POD, given);
    expect(filled).toEqual(
      pod({ containers: [{ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP' }] }], volumes: [] }),
    );
    expect(filled['metadata']).toBe(given['metadata']);
    expect(schema.applyDefaults(POD, filled)).toBe(filled);
  });
});
