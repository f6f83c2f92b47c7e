/** CoreDNS: no shell inside. */
import type { ImageSpec } from './image.ts';

export const coredns: readonly ImageSpec[] = [
  {
    repository: 'registry.k8s.io/coredns/coredns',
    tags: ['v1.14.2', 'v1.14.1', 'v1.12.1'],
    sizeBytes: 74_548_592,
    entrypoint: ['/coredns'],
    programs: { '/coredns': 'coredns' },
  },
];
