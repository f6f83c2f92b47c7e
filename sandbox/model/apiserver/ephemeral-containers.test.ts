import { beforeEach, describe, expect, test } from 'vitest';
import { IN_DEFAULT, pod, refusal, TestServer } from './server-for-test.ts';

let api: TestServer;
const POD = `${IN_DEFAULT}/pods/p`;
const EPHEMERAL = `${POD}/ephemeralcontainers`;
const add = (...containers: object[]): object => ({ spec: { ephemeralContainers: containers } });
const debug = { name: 'dbg', image: 'busybox:1.36' };

beforeEach(async () => {
  api = await TestServer.make();
  await api.post(`${IN_DEFAULT}/pods`, pod('p'));
});

describe('R-API-8 ephemeral containers', () => {
  test('are added with defaults, and count as a new generation', async () => {
    const patched = await api.merge(EPHEMERAL, add({ ...debug, targetContainerName: 'c' }));
    expect(patched['spec']).toMatchObject({
      containers: [{ name: 'c' }],
      ephemeralContainers: [{ name: 'dbg', imagePullPolicy: 'IfNotPresent', terminationMessagePolicy: 'File' }],
    });
    expect(patched.metadata.generation).toBe(2);
    expect(await api.get(EPHEMERAL)).toEqual(await api.get(POD));
  });

  test('are all that the sub-resource changes', async () => {
    const live = await api.get(POD);
    const metadata = { ...live.metadata, labels: { a: 'b' } };
    const spec = { ...Object(live['spec']), schedulerName: 'other', ephemeralContainers: [debug] };
    const stored = await api.put(EPHEMERAL, { ...live, metadata, spec });
    expect(stored.metadata.labels).toBeUndefined();
    expect(stored['spec']).toMatchObject({
      schedulerName: 'default-scheduler',
      ephemeralContainers: [{ name: 'dbg' }],
    });
  });

  test.each([
    ['a name that is taken', { ...debug, name: 'c' }, 'spec.ephemeralContainers[0].name: Duplicate value: "c"'],
    [
      'no such target',
      { ...debug, targetContainerName: 'nope' },
      'spec.ephemeralContainers[0].targetContainerName: Not found: "nope"',
    ],
    [
      'what only services need',
      { ...debug, ports: [{ containerPort: 1 }], resources: { limits: { cpu: '1' } }, stdin: true },
      '[spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container, spec.ephemeralContainers[0].resources: Forbidden: cannot be set for an Ephemeral Container]',
    ],
  ])('are refused: %s', async (_, container, words) => {
    expect(await refusal(api.merge(EPHEMERAL, add(container)))).toMatchObject({
      code: 422,
      message: `Pod "p" is invalid: ${words}`,
    });
  });

  test('are never changed or removed, nor added by an update of the Pod', async () => {
    await api.merge(EPHEMERAL, add(debug));
    const why = (words: string): object => ({
      message: `Pod "p" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "dbg" may not be ${words}\n`,
    });
    expect(await refusal(api.merge(EPHEMERAL, add({ ...debug, image: 'nginx' })))).toMatchObject(why('changed'));
    expect(await refusal(api.merge(EPHEMERAL, add()))).toMatchObject(why('removed'));
    expect((await refusal(api.merge(POD, add(debug, { ...debug, name: 'two' })))).message).toContain(
      'pod updates may not change fields other than',
    );
  });
});
