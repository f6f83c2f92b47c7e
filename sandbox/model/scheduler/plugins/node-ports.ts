/** R-SCHED-15 A host port can be taken once a node, per protocol and host IP; 0.0.0.0 clashes with all (upstream: NodePorts). */
import type { ContainerPort, Pod } from '../../../client/kinds.ts';
import type { Plugin } from '../plugin.ts';
import { refuse } from '../plugin.ts';

const ANY = '0.0.0.0';

export const nodePorts: Plugin = {
  name: 'NodePorts',
  prepare(pod) {
    const wanted = hostPorts(pod);
    if (wanted.length === 0) return {};
    return {
      filter: ({ pods }) =>
        pods.some((other) => hostPorts(other).some((taken) => wanted.some((port) => clash(port, taken))))
          ? refuse("node(s) didn't have free ports for the requested pod ports")
          : undefined,
    };
  },
};

function hostPorts(pod: Pod): readonly ContainerPort[] {
  const sidecars = (pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
  return [...pod.spec.containers, ...sidecars]
    .flatMap((container) => container.ports ?? [])
    .filter((port) => (port.hostPort ?? 0) > 0);
}

function clash(a: ContainerPort, b: ContainerPort): boolean {
  const [ipA, ipB] = [a.hostIP || ANY, b.hostIP || ANY];
  return (
    a.hostPort === b.hostPort &&
    (a.protocol ?? 'TCP') === (b.protocol ?? 'TCP') &&
    (ipA === ANY || ipB === ANY || ipA === ipB)
  );
}
