/** agnhost: Kubernetes' own test image. */
import { appletPaths } from './applets.ts';
import type { ImageSpec } from './image.ts';

export const agnhost: readonly ImageSpec[] = [
  {
    repository: 'registry.k8s.io/e2e-test-images/agnhost',
    tags: ['2.63.0', '2.55', '2.53', '2.47', '2.45', '2.43', '2.40', '2.39'],
    sizeBytes: 52_800_335,
    entrypoint: ['/agnhost'],
    cmd: ['pause'],
    programs: { ...appletPaths, '/agnhost': 'agnhost', '/usr/bin/curl': 'curl' },
  },
];
