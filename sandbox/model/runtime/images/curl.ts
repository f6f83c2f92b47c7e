/** curlimages/curl: an alpine with curl as its entry point. */
import { appletPaths } from './applets.ts';
import type { ImageSpec } from './image.ts';

export const curl: readonly ImageSpec[] = [
  {
    repository: 'docker.io/curlimages/curl',
    tags: ['latest', '8.11.1', '8.12.1', '8.10.1', '8.9.1', '8.8.0'],
    sizeBytes: 9_554_401,
    cmd: ['curl'],
    home: '/home/curl_user',
    programs: { ...appletPaths, '/usr/bin/curl': 'curl' },
    dirs: ['/home/curl_user'],
  },
];
