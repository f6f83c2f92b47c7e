/**
 * Pulling images by the catalogue. Source: kubelet `images.imageManager`.
 * R-KUBELET-8: Always pulls each time, IfNotPresent once a node, Never not at all; a failed pull waits 10 s to 300 s.
 */
import { sleep } from '../../../kernel/clock.ts';
import { randomInt } from '../../../kernel/random.ts';
import { completeName, findImage } from '../runtime/images/catalogue.ts';
import type { Image } from '../runtime/images/image.ts';
import type { KubeletContext } from './context.ts';
import { recordFor } from './context.ts';
import type { ContainerSpec, Pod } from './pod.ts';

export interface PullFailure {
  readonly reason: 'ErrImagePull' | 'InvalidImageName' | 'ErrImageNeverPull';
  readonly message: string;
}

export type PullResult = { readonly ok: true; readonly image: Image } | ({ readonly ok: false } & PullFailure);

/** Constants that stand for network and disk; small, so that a Pod runs within a tenth of a second. */
const PULL_MS = 25;

export async function ensureImage(
  context: KubeletContext,
  about: { pod: Pod; container: ContainerSpec },
  signal: AbortSignal,
): Promise<PullResult> {
  const { pod, container } = about;
  const full = completeName(container.image);
  const event = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    recordFor(context, { pod, container: container.name }, { type, reason, message });
  if (full === undefined) {
    const words = `couldn't parse image name "${container.image}": invalid reference format`;
    event('Warning', 'InspectFailed', `Failed to apply default image tag "${container.image}": ${words}`);
    return {
      ok: false,
      reason: 'InvalidImageName',
      message: `Failed to apply default image tag "${container.image}": ${words}`,
    };
  }
  const image = findImage(full);
  const policy = container.imagePullPolicy ?? (full.endsWith(':latest') ? 'Always' : 'IfNotPresent');
  if (image && policy !== 'Always' && context.pulled.has(full)) {
    event(
      'Normal',
      'Pulled',
      `Container image "${container.image}" already present on machine and can be accessed by the pod`,
    );
    return { ok: true, image };
  }
  if (policy === 'Never') {
    const message = `Container image "${container.image}" is not present with pull policy of Never`;
    event('Warning', 'ErrImageNeverPull', message);
    return { ok: false, reason: 'ErrImageNeverPull', message };
  }
  event('Normal', 'Pulling', `Pulling image "${container.image}"`);
  const began = context.clock.monotonic();
  await sleep(context.clock, context.pulled.has(full) ? 2 : PULL_MS + randomInt(context.random, 0, 10), signal);
  if (!image) {
    const message = `failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${full}: not found`;
    event('Warning', 'Failed', `Failed to pull image "${container.image}": ${message}`);
    event('Warning', 'Failed', 'Error: ErrImagePull');
    return { ok: false, reason: 'ErrImagePull', message };
  }
  context.pulled.add(full);
  const took = `${Math.max(1, Math.round(context.clock.monotonic() - began))}ms`;
  event(
    'Normal',
    'Pulled',
    `Successfully pulled image "${container.image}" in ${took} (${took} including waiting). Image size: ${image.spec.sizeBytes} bytes.`,
  );
  return { ok: true, image };
}
