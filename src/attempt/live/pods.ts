/** Lesson 02's live view: containers, volumes and the one IP of each Pod. Pure. */
import type { KubeObject } from '../../../kernel/kube/object.ts';
import type { PodView } from '../../protocol/live-view.ts';
import type { Fields } from './read.ts';
import { fields, isLearners, items, nameOf, sorted, spec, status, text, whole } from './read.ts';

type ContainerView = PodView['pods'][number]['containers'][number];
const MOST = 40;

export function podsView(pods: readonly KubeObject[]): PodView {
  return { view: 'pods', pods: sorted(pods.filter(isLearners)).slice(0, MOST).map(podView) };
}

function podView(pod: KubeObject): PodView['pods'][number] {
  const podSpec = spec(pod);
  const podStatus = status(pod);
  const ip = text(podStatus['podIP']);
  const node = text(podSpec['nodeName']);
  const init = statuses(podStatus['initContainerStatuses']);
  const main = statuses(podStatus['containerStatuses']);
  return {
    ...nameOf(pod),
    phase: pod.metadata.deletionTimestamp ? 'Terminating' : (text(podStatus['phase']) ?? 'Pending'),
    ...(ip ? { ip } : {}),
    ...(node ? { node } : {}),
    containers: [
      ...items(podSpec['initContainers']).map((c) =>
        container(c, init, c['restartPolicy'] === 'Always' ? 'sidecar' : 'init'),
      ),
      ...items(podSpec['containers']).map((c) => container(c, main, 'container')),
    ],
    volumes: items(podSpec['volumes']).map((volume) => ({ name: text(volume['name']) ?? '', kind: kindOf(volume) })),
  };
}

function statuses(value: unknown): ReadonlyMap<string, Fields> {
  return new Map(items(value).map((one) => [text(one['name']) ?? '', one]));
}

function container(declared: Fields, known: ReadonlyMap<string, Fields>, role: ContainerView['role']): ContainerView {
  const name = text(declared['name']) ?? '';
  const found = known.get(name) ?? {};
  return {
    name,
    image: text(declared['image']) ?? '',
    role,
    state: stateOf(fields(found['state'])),
    ready: found['ready'] === true,
    restarts: whole(found['restartCount']),
    mounts: items(declared['volumeMounts']).map((mount) => ({
      volume: text(mount['name']) ?? '',
      path: text(mount['mountPath']) ?? '',
    })),
  };
}

/** In the words that `kubectl get` and `describe` use. */
function stateOf(state: Fields): string {
  if (state['running']) return 'Running';
  const waiting = fields(state['waiting']);
  const terminated = fields(state['terminated']);
  return text(waiting['reason']) ?? text(terminated['reason']) ?? (state['terminated'] ? 'Terminated' : 'Waiting');
}

function kindOf(volume: Fields): string {
  return Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir';
}
