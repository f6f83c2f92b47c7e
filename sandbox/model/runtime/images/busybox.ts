/** busybox and alpine: a shell and the applets. */
import { appletPaths } from './applets.ts';
import type { ImageSpec } from './image.ts';

export const busybox: readonly ImageSpec[] = [
  {
    repository: 'docker.io/library/busybox',
    tags: ['latest', '1.37', '1.37.0', '1.36', '1.36.1', '1.35', '1.35.0', '1.34', '1.28', 'stable', 'musl', 'glibc'],
    sizeBytes: 2_167_176,
    cmd: ['sh'],
    programs: appletPaths,
  },
  {
    repository: 'docker.io/library/alpine',
    tags: ['latest', '3', '3.22', '3.21', '3.20', '3.19'],
    sizeBytes: 3_642_247,
    cmd: ['/bin/sh'],
    programs: appletPaths,
    files: {
      '/etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\n',
      '/etc/alpine-release': '3.22.1\n',
    },
  },
  {
    repository: 'registry.k8s.io/e2e-test-images/busybox',
    tags: ['1.37.0-1', '1.36.1-1', '1.29-4'],
    sizeBytes: 2_167_176,
    cmd: ['sh'],
    programs: appletPaths,
  },
];
