/** The control plane's own images: they run until they are stopped; their work is done by the model itself. */
import type { ImageSpec } from './image.ts';

const VERSION = 'v1.36.3';

export const CONTROL_PLANE_IMAGES = {
  etcd: 'registry.k8s.io/etcd:3.6.8-0',
  'kube-apiserver': `registry.k8s.io/kube-apiserver:${VERSION}`,
  'kube-controller-manager': `registry.k8s.io/kube-controller-manager:${VERSION}`,
  'kube-scheduler': `registry.k8s.io/kube-scheduler:${VERSION}`,
  'kube-proxy': `registry.k8s.io/kube-proxy:${VERSION}`,
} as const;

export const controlPlane: readonly ImageSpec[] = Object.entries(CONTROL_PLANE_IMAGES).map(([name, image]) => ({
  repository: image.slice(0, image.lastIndexOf(':')),
  tags: [image.slice(image.lastIndexOf(':') + 1)],
  sizeBytes: name === 'etcd' ? 61_738_343 : 171_214_213,
  programs: { [`/usr/local/bin/${name}`]: 'component' },
}));
