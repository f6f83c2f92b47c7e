/** Defaults of a container. Source: kubernetes `pkg/apis/core/v1/defaults.go` (wire-spec §14). */
import { canonicalResources } from './quantities.ts';
import type { Fields } from './reading.ts';
import { fields, fill, fillZero, items, text } from './reading.ts';

export function withContainerDefaults(container: Fields): Fields {
  const result: Record<string, unknown> = {
    ...fillZero(container, {
      imagePullPolicy: pullPolicy(text(container['image'])),
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
    }),
    resources: canonicalResources(container['resources']),
  };
  if (container['ports'] !== undefined)
    result['ports'] = items(container['ports']).map((port) => fillZero(port, { protocol: 'TCP' }));
  if (container['env'] !== undefined) result['env'] = items(container['env']).map(withEnvDefaults);
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    if (container[key] !== undefined) result[key] = withProbeDefaults(fields(container[key]));
  }
  if (container['lifecycle'] !== undefined) result['lifecycle'] = withLifecycleDefaults(fields(container['lifecycle']));
  return result;
}

/** Always for `:latest` and for no tag at all; a digest pins, so it counts as a tag. */
export function pullPolicy(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([^/:]+)$/.exec(image)?.[1] ?? 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function withEnvDefaults(entry: Fields): Fields {
  const from = fields(entry['valueFrom']);
  if (from['fieldRef'] === undefined) return entry;
  return { ...entry, valueFrom: { ...from, fieldRef: fillZero(fields(from['fieldRef']), { apiVersion: 'v1' }) } };
}

function withProbeDefaults(probe: Fields): Fields {
  const result = fillZero(withActionDefaults(probe), {
    failureThreshold: 3,
    periodSeconds: 10,
    successThreshold: 1,
    timeoutSeconds: 1,
  });
  return probe['grpc'] === undefined ? result : { ...result, grpc: fill(fields(probe['grpc']), { service: '' }) };
}

function withLifecycleDefaults(lifecycle: Fields): Fields {
  const result: Record<string, unknown> = { ...lifecycle };
  for (const key of ['postStart', 'preStop']) {
    if (lifecycle[key] !== undefined) result[key] = withActionDefaults(fields(lifecycle[key]));
  }
  return result;
}

function withActionDefaults(action: Fields): Fields {
  if (action['httpGet'] === undefined) return action;
  return { ...action, httpGet: fillZero(fields(action['httpGet']), { path: '/', scheme: 'HTTP' }) };
}
