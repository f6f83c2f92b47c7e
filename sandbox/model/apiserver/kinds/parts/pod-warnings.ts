/** What the server says of a Pod spec that is valid but likely not meant. Source: kubernetes `pkg/api/pod/warnings.go`. */
import { dnsLabel } from '../../validation/names.ts';
import type { Fields } from './reading.ts';
import { items, text, whole } from './reading.ts';

/** Warnings in upstream's words; `field` is the path of the spec. */
export function podWarnings(field: string, podSpec: Fields): readonly string[] {
  return ['initContainers', 'containers'].flatMap((list) =>
    items(podSpec[list]).flatMap((container, i) => {
      const at = `${field}.${list}[${i}]`;
      return [...hiddenEnv(`${at}.env`, container), ...twinPorts(`${at}.ports`, container)];
    }),
  );
}

function hiddenEnv(field: string, container: Fields): readonly string[] {
  const seen = new Set<string>();
  return items(container['env']).flatMap((entry, i) => {
    const name = text(entry['name']);
    const hides = seen.has(name);
    seen.add(name);
    const what = `${field}[${i}]: hides previous definition of ${JSON.stringify(name)}`;
    return hides ? [`${what}, which may be dropped when using apply`] : [];
  });
}

function twinPorts(field: string, container: Fields): readonly string[] {
  const first = new Map<string, number>();
  return items(container['ports']).flatMap((port, i) => {
    const key = `${text(port['protocol'])}/${text(port['hostIP'])}/${whole(port['hostPort'])}/${whole(port['containerPort'])}`;
    const twin = first.get(key);
    if (twin === undefined) first.set(key, i);
    return twin === undefined ? [] : [`${field}[${i}]: duplicate port definition with ${field}[${twin}]`];
  });
}

/** Names become hostnames, which know no dots. `use` says whose. */
export function nameWarnings(name: string, use: string): readonly string[] {
  const complaints = dnsLabel(name);
  if (complaints.length === 0) return [];
  const advice = 'which can result in surprising behavior; a DNS label is recommended';
  return [`metadata.name: this is used in ${use}, ${advice}: [${complaints.join(', ')}]`];
}
