/**
 * The images that a cluster can pull: all specs, found by any spelling of their name. Anything else does not exist.
 * R-RUNTIME-4: names are completed as containerd does it (`docker.io/library/…`, `:latest`).
 */
import { fnv1a, seededRandom } from '../../../../kernel/random.ts';
import { agnhost } from './agnhost.ts';
import { busybox } from './busybox.ts';
import { coredns } from './coredns.ts';
import { controlPlane } from './control-plane.ts';
import { curl } from './curl.ts';
import { failing } from './failing.ts';
import { httpEcho } from './http-echo.ts';
import type { Image, ImageSpec } from './image.ts';
import { imageFiles } from './image.ts';
import { nginx } from './nginx.ts';
import { pause } from './pause.ts';
import { redis } from './redis.ts';

export const specs: readonly ImageSpec[] = [
  ...nginx,
  ...busybox,
  ...curl,
  ...redis,
  ...agnhost,
  ...coredns,
  ...pause,
  ...failing,
  ...httpEcho,
  ...controlPlane,
];

/** Undefined for what is no image name at all (InvalidImageName). */
export function completeName(name: string): string | undefined {
  const match = /^([a-zA-Z0-9._/:-]+?)(?::([\w][\w.-]{0,127}))?(@sha256:[0-9a-f]{64})?$/.exec(name);
  const repository = match?.[1];
  if (
    repository === undefined ||
    !/^[a-z0-9]/.test(repository) ||
    /[A-Z]/.test(repository.split('/').at(-1) ?? '') ||
    repository.endsWith('/')
  )
    return undefined;
  const first = repository.split('/')[0] ?? '';
  const hasHost = repository.includes('/') && (first.includes('.') || first.includes(':') || first === 'localhost');
  const full = hasHost
    ? repository
    : repository.includes('/')
      ? `docker.io/${repository}`
      : `docker.io/library/${repository}`;
  return `${full}:${match?.[2] ?? 'latest'}`;
}

const made = new Map<string, Image>();

/** Undefined when there is no such image. */
export function findImage(name: string): Image | undefined {
  const full = completeName(name);
  if (full === undefined) return undefined;
  const known = made.get(full);
  if (known) return known;
  const at = full.lastIndexOf(':');
  const spec = specs.find(
    (candidate) => candidate.repository === full.slice(0, at) && candidate.tags.includes(full.slice(at + 1)),
  );
  if (!spec) return undefined;
  const image = makeImage(full, spec);
  made.set(full, image);
  return image;
}

const trees = new Map<ImageSpec, ReturnType<typeof imageFiles>>();

function makeImage(name: string, spec: ImageSpec): Image {
  return {
    name,
    spec,
    id: `sha256:${hexOf(name)}`,
    entrypoint: spec.entrypoint ?? [],
    cmd: spec.cmd ?? [],
    env: new Map(Object.entries(spec.env ?? {})),
    workingDir: spec.workingDir,
    home: spec.home,
    files() {
      const tree = trees.get(spec) ?? imageFiles(spec);
      trees.set(spec, tree);
      return tree;
    },
  };
}

/** 64 digits that follow from a text. */
function hexOf(text: string): string {
  const random = seededRandom(`${text}/${fnv1a(text)}`);
  return Array.from({ length: 64 }, () => Math.floor(random.next() * 16).toString(16)).join('');
}
