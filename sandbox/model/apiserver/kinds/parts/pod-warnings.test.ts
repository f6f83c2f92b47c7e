import { expect, test } from 'vitest';
import { nameWarnings, podWarnings } from './pod-warnings.ts';

// Recorded from a real API server.
test('what is hidden or said twice', () => {
  const env = [
    { name: 'A', value: '1' },
    { name: 'A', value: '2' },
  ];
  const ports = [
    { containerPort: 80, protocol: 'TCP' },
    { containerPort: 80, protocol: 'TCP' },
  ];
  expect(podWarnings('spec', { containers: [{ name: 'c', env, ports }] })).toEqual([
    'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
    'spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]',
  ]);
});

test('a name with dots', () => {
  expect(nameWarnings('a.b', 'Pod names and hostnames')).toEqual([
    'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]',
  ]);
  expect(nameWarnings('a', 'x')).toEqual([]);
});
