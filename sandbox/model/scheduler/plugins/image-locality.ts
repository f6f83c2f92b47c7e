/**
 * R-SCHED-19 A node that has the Pod's images scores by their size, scaled between 23 MB and 1000 MB a container, less when
 * few nodes have them (upstream: ImageLocality, weight 1).
 */
import type { Plugin } from '../plugin.ts';
import type { NodeState } from '../snapshot.ts';

const MB = 1024 * 1024;
const LEAST = 23 * MB;
const MOST_PER_CONTAINER = 1000 * MB;

export const imageLocality: Plugin = {
  name: 'ImageLocality',
  weight: 1,
  prepare(pod, { nodes }) {
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const images = containers.map(({ image = '' }) => normalized(image));
    const holders = new Map(images.map((image) => [image, nodes.filter((state) => sizeOn(state, image) > 0).length]));
    return {
      score(state) {
        const sum = images.reduce(
          (total, image) => total + sizeOn(state, image) * ((holders.get(image) ?? 0) / nodes.length),
          0,
        );
        const most = MOST_PER_CONTAINER * containers.length;
        return Math.floor((100 * (Math.min(Math.max(sum, LEAST), most) - LEAST)) / (most - LEAST));
      },
    };
  },
};

function sizeOn({ node }: NodeState, image: string): number {
  return node.status?.images?.find((one) => one.names?.includes(image))?.sizeBytes ?? 0;
}

/** A name without a tag means the tag latest; a colon before a slash is a registry's port. */
function normalized(image: string): string {
  return image.lastIndexOf(':') > image.lastIndexOf('/') ? image : `${image}:latest`;
}
