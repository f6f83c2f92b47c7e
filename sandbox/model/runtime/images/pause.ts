/** The pause container: does nothing until it is told to end. */
import type { ImageSpec } from './image.ts';

export const pause: readonly ImageSpec[] = [
  {
    repository: 'registry.k8s.io/pause',
    tags: ['3.10.2', '3.10.1', '3.10', '3.9', '3.8', 'latest'],
    sizeBytes: 687_467,
    entrypoint: ['/pause'],
    programs: { '/pause': 'pause' },
  },
];
