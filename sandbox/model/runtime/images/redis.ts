/** redis: listens on 6379 and answers PING. */
import { coreutils } from './applets.ts';
import type { ImageSpec } from './image.ts';

export const redis: readonly ImageSpec[] = [
  {
    repository: 'docker.io/library/redis',
    tags: ['latest', '8', '7', '7.4', '7.2', '7-alpine', 'alpine'],
    sizeBytes: 41_129_421,
    cmd: ['redis-server'],
    workingDir: '/data',
    programs: {
      ...coreutils,
      '/bin/sh': 'dash',
      '/bin/bash': 'bash',
      '/usr/local/bin/redis-server': 'redis-server',
      '/usr/local/bin/redis-cli': 'redis-cli',
    },
    dirs: ['/data'],
  },
];
