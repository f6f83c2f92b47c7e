/** Containers of a Pod, by their three lists. Source: kubernetes `validateContainers`, `validateInitContainers`, `validateContainerCommon`. */
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { items, text, whole } from '../kinds/parts/reading.ts';
import { duplicate, forbidden, invalid, invalids, oneOf, required } from './causes.ts';
import { env, envFrom } from './env.ts';
import { dnsLabel, portName, portNumber } from './names.ts';
import { lifecycle, probes } from './probes.ts';
import { resourceRequirements } from './resources.ts';
import { containerSecurity } from './security.ts';
import { volumeMounts, volumeNames } from './volumes.ts';

const RESTART_POLICIES = ['Always', 'Never', 'OnFailure'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const NEEDS_SIDECAR = 'may not be set for init containers without restartPolicy=Always';

/** `containers` and `initContainers`; `field` is the path of the Pod spec. */
export function containers(field: string, podSpec: Fields): readonly Invalid[] {
  const known = volumeNames(podSpec['volumes']);
  const grace = whole(podSpec['terminationGracePeriodSeconds']);
  const main = items(podSpec['containers']);
  if (main.length === 0) return [required(`${field}.containers`), ...initContainers(field, podSpec, known)];
  const names = new Set<string>();
  const causes = main.flatMap((container, i) => {
    const at = `${field}.containers[${i}]`;
    return [
      ...common(at, container, known),
      ...uniqueName(at, container, names),
      ...lifecycle(`${at}.lifecycle`, container['lifecycle'], grace),
      ...probes(at, container),
      ...restartPolicy(at, container),
    ];
  });
  return [...causes, ...hostPorts(`${field}.containers`, main), ...initContainers(field, podSpec, known)];
}

function initContainers(field: string, podSpec: Fields, known: ReadonlySet<string>): readonly Invalid[] {
  const names = new Set(items(podSpec['containers']).map(({ name }) => text(name)));
  const grace = whole(podSpec['terminationGracePeriodSeconds']);
  return items(podSpec['initContainers']).flatMap((container, i) => {
    const at = `${field}.initContainers[${i}]`;
    const sidecar = container['restartPolicy'] === 'Always';
    const causes = [
      ...common(at, container, known),
      ...restartPolicy(at, container),
      ...uniqueName(at, container, names),
    ];
    if (sidecar)
      return [...causes, ...lifecycle(`${at}.lifecycle`, container['lifecycle'], grace), ...probes(at, container)];
    const misplaced = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'].filter(
      (key) => container[key] !== undefined,
    );
    return [...causes, ...misplaced.map((key) => forbidden(`${at}.${key}`, NEEDS_SIDECAR))];
  });
}

export function uniqueName(field: string, container: Fields, names: Set<string>): readonly Invalid[] {
  const name = text(container['name']);
  const taken = names.has(name);
  names.add(name);
  return taken ? [duplicate(`${field}.name`, name)] : [];
}

function restartPolicy(field: string, { restartPolicy: policy }: Fields): readonly Invalid[] {
  return policy === undefined ? [] : oneOf(`${field}.restartPolicy`, policy, RESTART_POLICIES);
}

/** What holds for a container of any list. */
export function common(field: string, container: Fields, known: ReadonlySet<string>): readonly Invalid[] {
  const { name, image, terminationMessagePolicy, imagePullPolicy } = container;
  return [
    ...(text(name) === '' ? [required(`${field}.name`)] : invalids(`${field}.name`, name, dnsLabel(text(name)))),
    ...imageCauses(`${field}.image`, text(image)),
    ...oneOf(`${field}.terminationMessagePolicy`, text(terminationMessagePolicy), ['File', 'FallbackToLogsOnError']),
    ...ports(`${field}.ports`, container['ports']),
    ...env(`${field}.env`, container['env']),
    ...envFrom(`${field}.envFrom`, container['envFrom']),
    ...volumeMounts(`${field}.volumeMounts`, container, known),
    ...oneOf(`${field}.imagePullPolicy`, text(imagePullPolicy), ['Always', 'IfNotPresent', 'Never']),
    ...resourceRequirements(`${field}.resources`, container['resources']),
    ...resizePolicy(`${field}.resizePolicy`, container['resizePolicy']),
    ...containerSecurity(`${field}.securityContext`, container['securityContext']),
  ];
}

function imageCauses(field: string, image: string): readonly Invalid[] {
  if (image === '') return [required(field)];
  return image.trim() === image ? [] : [invalid(field, image, 'must not have leading or trailing whitespace')];
}

function ports(field: string, value: unknown): readonly Invalid[] {
  const names = new Set<string>();
  return items(value).flatMap((port, i) => {
    const at = `${field}[${i}]`;
    const name = text(port['name']);
    const causes: Invalid[] = [];
    if (name !== '') {
      const shape = portName(name);
      if (shape.length > 0) causes.push(...invalids(`${at}.name`, name, shape));
      else if (names.has(name)) causes.push(duplicate(`${at}.name`, name));
      names.add(name);
    }
    const number = whole(port['containerPort']);
    causes.push(
      ...(number === 0
        ? [required(`${at}.containerPort`)]
        : invalids(`${at}.containerPort`, number, portNumber(number))),
    );
    const host = whole(port['hostPort']);
    if (host !== 0) causes.push(...invalids(`${at}.hostPort`, host, portNumber(host)));
    return [...causes, ...oneOf(`${at}.protocol`, text(port['protocol']), PROTOCOLS)];
  });
}

/** No two containers may want the same port of the node. */
function hostPorts(field: string, list: readonly Fields[]): readonly Invalid[] {
  const taken = new Set<string>();
  return list.flatMap((container, i) =>
    items(container['ports']).flatMap((port, j) => {
      const host = whole(port['hostPort']);
      if (host === 0) return [];
      const key = `${text(port['protocol'])}/${text(port['hostIP'])}/${host}`;
      const conflict = taken.has(key);
      taken.add(key);
      return conflict ? [duplicate(`${field}[${i}].ports[${j}].hostPort`, key)] : [];
    }),
  );
}

/** With the node's network a container's port is the node's port. */
export function hostNetworkPorts(field: string, podSpec: Fields): readonly Invalid[] {
  if (podSpec['hostNetwork'] !== true) return [];
  return ['containers', 'initContainers'].flatMap((list) =>
    items(podSpec[list]).flatMap((container, i) =>
      items(container['ports']).flatMap((port, j) => {
        const at = `${field}.${list}[${i}].ports[${j}].hostPort`;
        return port['hostPort'] === port['containerPort']
          ? []
          : [invalid(at, whole(port['hostPort']), 'must match `containerPort` when `hostNetwork` is true')];
      }),
    ),
  );
}

function resizePolicy(field: string, value: unknown): readonly Invalid[] {
  return items(value).flatMap(({ resourceName, restartPolicy: policy }) => [
    ...oneOf(field, text(resourceName), ['cpu', 'memory']),
    ...oneOf(field, text(policy), ['NotRequired', 'RestartContainer']),
  ]);
}
