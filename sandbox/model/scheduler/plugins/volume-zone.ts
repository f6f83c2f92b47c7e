/** R-SCHED-22 A volume labelled with zones or regions can be used on nodes of those alone (upstream: VolumeZone). */
import type { Plugin } from '../plugin.ts';
import { refuseForGood } from '../plugin.ts';
import { claimsOf } from '../snapshot.ts';

const LABELS = [
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
];

export const volumeZone: Plugin = {
  name: 'VolumeZone',
  prepare(pod, snapshot) {
    const names = claimsOf(pod, snapshot).map(({ claim }) => claim?.spec.volumeName);
    const rules = snapshot.volumes
      .filter((volume) => names.includes(volume.metadata.name))
      .flatMap((volume) => LABELS.map((key) => ({ key, values: volume.metadata.labels?.[key]?.split('__') })));
    const strict = rules.filter((rule) => rule.values !== undefined);
    if (strict.length === 0) return {};
    return {
      filter({ node }) {
        const labels = node.metadata.labels ?? {};
        // A node of a cluster without zones takes any volume.
        if (!LABELS.some((key) => labels[key] !== undefined)) return undefined;
        const fits = strict.every(({ key, values }) => values?.includes(labels[key] ?? ''));
        return fits ? undefined : refuseForGood('node(s) had no available volume zone');
      },
    };
  },
};
