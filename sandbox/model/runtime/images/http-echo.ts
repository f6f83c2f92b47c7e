/** hashicorp/http-echo: answers every request with one text. */
import type { ImageSpec } from './image.ts';

export const httpEcho: readonly ImageSpec[] = [
  {
    repository: 'docker.io/hashicorp/http-echo',
    tags: ['latest', '1.0', '1.0.0', '0.2.3'],
    sizeBytes: 3_098_213,
    entrypoint: ['/http-echo'],
    programs: { '/http-echo': 'http-echo' },
  },
];
