/** Lesson 02: each Pod opened up. One frame is one network identity; the boxes in it are separate processes that share it. */
import type { PodView } from '../../protocol/live-view.ts';
import { TextTwin } from './TextTwin.tsx';

type Pod = PodView['pods'][number];
type Container = Pod['containers'][number];

const ROLES = { container: 'container', init: 'init container', sidecar: 'sidecar (init, restarts always)' } as const;

export function Pods({ view }: { readonly view: PodView }) {
  return (
    <>
      {view.pods.length === 0 && <p class="dd-quiet">No Pods yet. Make one, and it opens up here.</p>}
      <ul class="dd-pods" aria-label="Pods">
        {view.pods.map((pod) => (
          <PodFrame key={`${pod.namespace}/${pod.name}`} pod={pod} />
        ))}
      </ul>
      <TextTwin
        caption="Containers of each Pod"
        head={['Pod', 'Phase', 'IP', 'Node', 'Container', 'Role', 'Image', 'State', 'Ready', 'Restarts', 'Mounts']}
        rows={view.pods.flatMap((pod) =>
          pod.containers.map((container) => [
            `${pod.namespace}/${pod.name}`,
            pod.phase,
            pod.ip ?? 'none yet',
            pod.node ?? 'not placed',
            container.name,
            ROLES[container.role],
            container.image,
            container.state,
            container.ready ? 'yes' : 'no',
            container.restarts,
            container.mounts.map((mount) => `${mount.volume} at ${mount.path}`).join(', ') || 'none',
          ]),
        )}
      />
    </>
  );
}

function PodFrame({ pod }: { readonly pod: Pod }) {
  return (
    <li class="dd-pod" data-phase={pod.phase}>
      <p class="dd-pod-head">
        <strong>{pod.name}</strong> <span class="dd-quiet">{pod.namespace}</span>{' '}
        <span class="dd-tag">{pod.phase}</span>
      </p>
      <p class="dd-pod-net">
        <span class="dd-label">Shared by all containers</span> network namespace, IP <code>{pod.ip ?? 'none yet'}</code>{' '}
        · node <code>{pod.node ?? 'not placed'}</code>
      </p>
      <ul class="dd-containers" aria-label={`Containers of ${pod.name}`}>
        {pod.containers.map((container) => (
          <ContainerBox key={container.name} container={container} />
        ))}
      </ul>
      {pod.volumes.length > 0 && (
        <ul class="dd-volumes" aria-label={`Volumes of ${pod.name}`}>
          {pod.volumes.map((volume) => (
            <li key={volume.name}>
              <span class="dd-label">volume</span> <strong>{volume.name}</strong>{' '}
              <span class="dd-quiet">{volume.kind}</span>
              <span class="dd-quiet"> · mounted by {mounters(pod, volume.name) || 'nobody'}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function ContainerBox({ container }: { readonly container: Container }) {
  return (
    <li class="dd-container" data-role={container.role} data-ready={container.ready}>
      <p>
        <strong>{container.name}</strong> <span class="dd-quiet">{ROLES[container.role]}</span>
      </p>
      <p>
        <code>{container.image}</code>
      </p>
      <p>
        <span class="dd-tag">{container.state}</span> {container.ready ? '✓ ready' : '✗ not ready'}
        {container.restarts > 0 && ` · ${container.restarts} restarts`}
      </p>
      {container.mounts.map((mount) => (
        <p key={mount.path} class="dd-quiet">
          {mount.volume} → <code>{mount.path}</code>
        </p>
      ))}
    </li>
  );
}

function mounters(pod: Pod, volume: string): string {
  return pod.containers
    .filter((container) => container.mounts.some((mount) => mount.volume === volume))
    .map((container) => container.name)
    .join(', ');
}
