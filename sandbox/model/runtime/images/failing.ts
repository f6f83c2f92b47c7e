/** Images for lessons about trouble: one that always fails. */
import { appletPaths } from './applets.ts';
import type { ImageSpec } from './image.ts';

export const failing: readonly ImageSpec[] = [
  {
    repository: 'docker.io/drydock/failing',
    tags: ['latest', '1', '1.0'],
    sizeBytes: 2_167_176,
    cmd: ['sh', '-c', 'echo "fatal: cannot read /etc/failing/config.yaml" >&2; exit 1'],
    programs: appletPaths,
  },
];
