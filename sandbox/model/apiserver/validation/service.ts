/** A Service. Source: kubernetes `ValidateService`, `ValidateServiceUpdate` (pkg/apis/core/validation). */
import type { KubeObject } from '../../../../kernel/kube/object.ts';
import type { Invalid } from '../kind.ts';
import type { Fields } from '../kinds/parts/reading.ts';
import { fields, items, spec, text, texts, whole } from '../kinds/parts/reading.ts';
import { cidr, ipAddress, reachableAddress } from './addresses.ts';
import { duplicate, forbidden, invalid, invalids, oneOf, required } from './causes.ts';
import { dnsLabel, dnsSubdomain, portNumber, qualifiedName } from './names.ts';
import { port } from './probes.ts';
import { labels } from './selectors.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const POLICIES = ['Cluster', 'Local'];
const BALANCER_ONLY = "may only be used when `type` is 'LoadBalancer'";
const DAY = 86_400;

export function serviceCauses(service: KubeObject): readonly Invalid[] {
  const given = spec(service);
  const type = text(given['type']);
  return [
    ...portsNeeded(given),
    ...byType(given),
    ...ports(given),
    ...labels('spec.selector', given['selector']),
    ...affinityCauses(given),
    ...oneOf('spec.type', type, TYPES),
    ...families(given),
    ...externalIPs(given),
    ...nodePortsFit(given),
    ...balancerFields(given),
    ...trafficCauses(given),
  ];
}

function isHeadless(given: Fields): boolean {
  return text(given['clusterIP']) === 'None';
}

function portsNeeded(given: Fields): readonly Invalid[] {
  const none = items(given['ports']).length === 0;
  return none && !isHeadless(given) && given['type'] !== 'ExternalName' ? [required('spec.ports')] : [];
}

function byType(given: Fields): readonly Invalid[] {
  const type = text(given['type']);
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(given)) {
    return [invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)];
  }
  if (type !== 'ExternalName') return [];
  const name = text(given['externalName']);
  const held = texts(given['clusterIPs']).length > 0 || text(given['clusterIP']) !== '';
  const causes: Invalid[] = held ? [forbidden('spec.clusterIPs', 'may not be set for ExternalName services')] : [];
  return [
    ...causes,
    ...(name === ''
      ? [required('spec.externalName')]
      : invalids('spec.externalName', name, dnsSubdomain(name.replace(/\.$/, '')))),
  ];
}

function ports(given: Fields): readonly Invalid[] {
  const list = items(given['ports']);
  const names = new Set<string>();
  const numbers = new Set<string>();
  const each = list.flatMap((entry, i) =>
    portCauses({ at: `spec.ports[${i}]`, entry, names, needsName: list.length > 1 }),
  );
  const twins = list.flatMap((entry, i) => {
    const key = `${text(entry['protocol'])}/${whole(entry['port'])}`;
    const taken = numbers.has(key);
    numbers.add(key);
    // Upstream shows its internal struct, with all but the key left empty.
    const shown = {
      Name: '',
      Protocol: entry['protocol'],
      AppProtocol: null,
      Port: entry['port'],
      TargetPort: 0,
      NodePort: 0,
    };
    return taken ? [duplicate(`spec.ports[${i}]`, shown)] : [];
  });
  return [...each, ...twins];
}

interface PortAt {
  readonly at: string;
  readonly entry: Fields;
  readonly names: Set<string>;
  readonly needsName: boolean;
}

function portCauses({ at, entry, names, needsName }: PortAt): readonly Invalid[] {
  const name = text(entry['name']);
  const causes: Invalid[] = [];
  if (name === '') {
    if (needsName) causes.push(required(`${at}.name`));
  } else {
    const shape = dnsLabel(name);
    causes.push(...invalids(`${at}.name`, name, shape));
    if (names.has(name)) causes.push(duplicate(`${at}.name`, name));
    names.add(name);
  }
  causes.push(...invalids(`${at}.port`, whole(entry['port']), portNumber(whole(entry['port']))));
  causes.push(...oneOf(`${at}.protocol`, text(entry['protocol']), ['SCTP', 'TCP', 'UDP']));
  causes.push(...port(`${at}.targetPort`, entry['targetPort']));
  if (entry['appProtocol'] !== undefined)
    causes.push(...invalids(`${at}.appProtocol`, entry['appProtocol'], qualifiedName(text(entry['appProtocol']))));
  return causes;
}

function affinityCauses(given: Fields): readonly Invalid[] {
  const causes = [...oneOf('spec.sessionAffinity', given['sessionAffinity'], ['ClientIP', 'None'])];
  const seconds = fields(fields(given['sessionAffinityConfig'])['clientIP'])['timeoutSeconds'];
  if (
    given['sessionAffinity'] === 'ClientIP' &&
    seconds !== undefined &&
    (whole(seconds) <= 0 || whole(seconds) > DAY)
  ) {
    causes.push(
      invalid(
        'spec.sessionAffinityConfig.clientIP.timeoutSeconds',
        seconds,
        `must be greater than 0 and less than ${DAY}`,
      ),
    );
  }
  return causes;
}

function families(given: Fields): readonly Invalid[] {
  const causes: Invalid[] = [];
  if (given['ipFamilyPolicy'] !== undefined) {
    causes.push(
      ...oneOf('spec.ipFamilyPolicy', given['ipFamilyPolicy'], ['PreferDualStack', 'RequireDualStack', 'SingleStack']),
    );
  }
  const list = texts(given['ipFamilies']);
  for (const [i, family] of list.entries())
    if (list.indexOf(family) < i) causes.push(duplicate(`spec.ipFamilies[${i}]`, family));
  for (const [i, address] of texts(given['clusterIPs']).entries()) {
    if (address !== 'None' && given['type'] !== 'ExternalName')
      causes.push(...ipAddress(`spec.clusterIPs[${i}]`, address));
  }
  return causes;
}

function externalIPs(given: Fields): readonly Invalid[] {
  return texts(given['externalIPs']).flatMap((address, i) => {
    const shape = ipAddress(`spec.externalIPs[${i}]`, address);
    return shape.length > 0 ? shape : reachableAddress(`spec.externalIPs[${i}]`, address);
  });
}

function nodePortsFit(given: Fields): readonly Invalid[] {
  if (given['type'] !== 'ClusterIP') return [];
  return items(given['ports']).flatMap(({ nodePort }, i) =>
    whole(nodePort) === 0 ? [] : [forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'")],
  );
}

function balancerFields(given: Fields): readonly Invalid[] {
  if (given['type'] === 'LoadBalancer')
    return texts(given['loadBalancerSourceRanges']).flatMap((range, i) =>
      cidr(`spec.LoadBalancerSourceRanges[${i}]`, range),
    );
  const causes: Invalid[] = [];
  if (given['loadBalancerSourceRanges'] !== undefined) {
    causes.push(forbidden('spec.LoadBalancerSourceRanges', BALANCER_ONLY));
    causes.push(
      ...texts(given['loadBalancerSourceRanges']).flatMap((range, i) =>
        cidr(`spec.LoadBalancerSourceRanges[${i}]`, range),
      ),
    );
  }
  if (given['allocateLoadBalancerNodePorts'] !== undefined)
    causes.push(forbidden('spec.allocateLoadBalancerNodePorts', BALANCER_ONLY));
  if (given['loadBalancerClass'] !== undefined) causes.push(forbidden('spec.loadBalancerClass', BALANCER_ONLY));
  return causes;
}

function trafficCauses(given: Fields): readonly Invalid[] {
  const {
    type,
    externalTrafficPolicy: outside,
    internalTrafficPolicy: inside,
    healthCheckNodePort,
    trafficDistribution,
  } = given;
  const causes: Invalid[] = [];
  const open =
    type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && texts(given['externalIPs']).length > 0);
  if (outside !== undefined) {
    if (!open)
      causes.push(invalid('spec.externalTrafficPolicy', outside, 'may only be set for externally-accessible services'));
    else causes.push(...oneOf('spec.externalTrafficPolicy', outside, POLICIES));
  }
  if (whole(healthCheckNodePort) !== 0 && !(type === 'LoadBalancer' && outside === 'Local')) {
    causes.push(
      invalid(
        'spec.healthCheckNodePort',
        healthCheckNodePort,
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ),
    );
  }
  if (inside !== undefined) causes.push(...oneOf('spec.internalTrafficPolicy', inside, POLICIES));
  if (trafficDistribution !== undefined) {
    causes.push(
      ...oneOf('spec.trafficDistribution', trafficDistribution, ['PreferClose', 'PreferSameZone', 'PreferSameNode']),
    );
  }
  return causes;
}

/** The address of a Service stays as long as its type has one. */
export function serviceUpdateCauses(next: KubeObject, previous: KubeObject): readonly Invalid[] {
  const [now, before] = [spec(next), spec(previous)];
  if (now['type'] === 'ExternalName' || before['type'] === 'ExternalName') return [];
  const [given, old] = [text(now['clusterIP']), text(before['clusterIP'])];
  return old !== '' && given !== old
    ? [invalid('spec.clusterIPs[0]', now['clusterIPs'], 'may not change once set')]
    : [];
}
