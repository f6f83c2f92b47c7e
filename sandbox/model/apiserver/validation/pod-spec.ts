/** A Pod spec as a whole, in upstream's order. Source: kubernetes `ValidatePodSpec` (pkg/apis/core/validation). */
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { fields, items, text, texts } from '../kinds/parts/reading.ts';
import { ipAddress } from './addresses.ts';
import { duplicate, forbidden, invalid, invalids, oneOf, required } from './causes.ts';
import { containers, hostNetworkPorts } from './containers.ts';
import { dnsLabel, dnsSubdomain, qualifiedName } from './names.ts';
import { affinity, tolerations, topologySpread } from './scheduling.ts';
import { podSecurity } from './security.ts';
import { labels } from './selectors.ts';
import { volumes } from './volumes.ts';

const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const MOST_SECONDS = 2_147_483_647;

/** `field` is the path of the spec: `spec`, or `spec.template.spec`. */
export function podSpecCauses(field: string, podSpec: Fields): readonly Invalid[] {
  return [
    ...volumes(`${field}.volumes`, podSpec['volumes']),
    ...containers(field, podSpec),
    ...hostNetworkPorts(field, podSpec),
    ...oneOf(`${field}.restartPolicy`, text(podSpec['restartPolicy']), ['Always', 'OnFailure', 'Never']),
    ...oneOf(`${field}.dnsPolicy`, text(podSpec['dnsPolicy']), DNS_POLICIES),
    ...labels(`${field}.nodeSelector`, podSpec['nodeSelector']),
    ...podSecurity(`${field}.securityContext`, podSpec),
    ...affinity(`${field}.affinity`, podSpec['affinity']),
    ...dnsConfig(`${field}.dnsConfig`, podSpec),
    ...gates(field, podSpec),
    ...topologySpread(`${field}.topologySpreadConstraints`, podSpec['topologySpreadConstraints']),
    ...names(field, podSpec),
    ...tolerations(`${field}.tolerations`, podSpec['tolerations']),
    ...hostAliases(`${field}.hostAliases`, podSpec['hostAliases']),
    ...named(`${field}.priorityClassName`, podSpec['priorityClassName'], dnsSubdomain),
    ...operatingSystem(`${field}.os`, podSpec['os']),
  ];
}

function named(field: string, value: unknown, rule: (name: string) => readonly string[]): readonly Invalid[] {
  const name = text(value);
  return name === '' ? [] : invalids(field, name, rule(name));
}

function names(field: string, podSpec: Fields): readonly Invalid[] {
  const seconds = podSpec['activeDeadlineSeconds'];
  const outside = typeof seconds === 'number' && (seconds < 1 || seconds > MOST_SECONDS);
  return [
    ...named(`${field}.serviceAccountName`, podSpec['serviceAccountName'], dnsSubdomain),
    ...named(`${field}.nodeName`, podSpec['nodeName'], dnsSubdomain),
    ...(outside
      ? [invalid(`${field}.activeDeadlineSeconds`, seconds, `must be between 1 and ${MOST_SECONDS}, inclusive`)]
      : []),
    ...named(`${field}.hostname`, podSpec['hostname'], dnsLabel),
    ...named(`${field}.subdomain`, podSpec['subdomain'], dnsLabel),
  ];
}

function dnsConfig(field: string, podSpec: Fields): readonly Invalid[] {
  const { nameservers, searches, options } = fields(podSpec['dnsConfig']);
  const servers = texts(nameservers);
  const causes: Invalid[] = [];
  if (podSpec['dnsPolicy'] === 'None') {
    if (podSpec['dnsConfig'] === undefined)
      return [required(field, 'must provide `dnsConfig` when `dnsPolicy` is None')];
    if (servers.length === 0)
      return [required(`${field}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  }
  if (servers.length > 3)
    causes.push(invalid(`${field}.nameservers`, servers, 'must not have more than 3 nameservers'));
  causes.push(...servers.flatMap((server, i) => ipAddress(`${field}.nameservers[${i}]`, server)));
  causes.push(
    ...texts(searches).flatMap((path, i) =>
      path === '.' ? [] : invalids(`${field}.searches[${i}]`, path, dnsSubdomain(path.replace(/\.$/, ''))),
    ),
  );
  return [
    ...causes,
    ...items(options).flatMap(({ name }, i) =>
      text(name) === '' ? [required(`${field}.options[${i}]`, 'must not be empty')] : [],
    ),
  ];
}

function gates(field: string, podSpec: Fields): readonly Invalid[] {
  const seen = new Set<string>();
  const readiness = items(podSpec['readinessGates']).flatMap(({ conditionType }, i) =>
    invalids(`${field}.readinessGates[${i}].conditionType`, text(conditionType), qualifiedName(text(conditionType))),
  );
  const scheduling = items(podSpec['schedulingGates']).flatMap(({ name }, i) => {
    const given = text(name);
    const taken = seen.has(given);
    seen.add(given);
    const at = `${field}.schedulingGates[${i}]`;
    return [...invalids(at, given, qualifiedName(given)), ...(taken ? [duplicate(at, given)] : [])];
  });
  return [...readiness, ...scheduling];
}

function hostAliases(field: string, value: unknown): readonly Invalid[] {
  return items(value).flatMap(({ ip, hostnames }, i) => [
    ...ipAddress(`${field}[${i}].ip`, text(ip)),
    ...texts(hostnames).flatMap((name, j) => invalids(`${field}[${i}].hostnames[${j}]`, name, dnsSubdomain(name))),
  ]);
}

function operatingSystem(field: string, value: unknown): readonly Invalid[] {
  if (value === undefined) return [];
  const name = text(fields(value)['name']);
  return name === '' ? [required(`${field}.name`, 'cannot be empty')] : oneOf(field, name, ['linux', 'windows']);
}

/** What holds for a new Pod alone. */
export function newPodCauses(podSpec: Fields): readonly Invalid[] {
  const causes: Invalid[] = [];
  if (items(podSpec['ephemeralContainers']).length > 0)
    causes.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  if (items(podSpec['schedulingGates']).length > 0 && text(podSpec['nodeName']) !== '') {
    causes.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  }
  return causes;
}
