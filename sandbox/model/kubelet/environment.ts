/**
 * The environment and command of a container. Source: kubelet `makeEnvironmentVariables`, `third_party/forked/golang/expansion`.
 * R-KUBELET-4: Service variables first, then envFrom, then env; `$(NAME)` refers to earlier ones, `$$(NAME)` stays as text.
 */
import { milli, units } from '../../../kernel/kube/quantity.ts';
import { decode } from '../runtime/pipe.ts';
import type { Image } from '../runtime/images/image.ts';
import type { Service } from '../proxy/service.ts';
import type { Lookups } from './lookups.ts';
import { ConfigTrouble, podField, unitOf, valuesOf } from './lookups.ts';
import type { ContainerSpec, EnvVar, KeyRef, Pod } from './pod.ts';

interface Scope {
  readonly pod: Pod;
  readonly container: ContainerSpec;
  readonly lookups: Lookups;
  readonly podIP: string | undefined;
}

/** Throws ConfigTrouble for what is missing. */
export function environmentOf(scope: Scope): Map<string, string> {
  const { pod, container, lookups } = scope;
  const namespace = pod.metadata.namespace ?? 'default';
  const env = new Map<string, string>();
  const linked = pod.spec.enableServiceLinks !== false ? lookups.services(namespace) : [];
  const always = lookups
    .services('default')
    .filter((service) => service.metadata.name === 'kubernetes' && !linked.includes(service));
  for (const service of [...always, ...linked]) addService(env, service);
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const ref = configMapRef ?? secretRef;
    const found = configMapRef
      ? lookups.configMap(namespace, ref?.name ?? '')
      : lookups.secret(namespace, ref?.name ?? '');
    if (!found && ref?.optional !== true)
      throw new ConfigTrouble(`${configMapRef ? 'configmap' : 'secret'} "${ref?.name}" not found`);
    if (found) for (const [key, value] of valuesOf(found)) env.set(prefix + key, decode(value));
  }
  for (const variable of container.env ?? []) {
    const value = variableOf(variable, scope, env);
    if (value !== undefined) env.set(variable.name, value);
  }
  return env;
}

function variableOf(variable: EnvVar, scope: Scope, env: ReadonlyMap<string, string>): string | undefined {
  const { valueFrom } = variable;
  if (!valueFrom) return substitute(variable.value ?? '', env);
  if (valueFrom.fieldRef) return podField(scope.pod, valueFrom.fieldRef.fieldPath, scope.lookups, scope.podIP) ?? '';
  if (valueFrom.resourceFieldRef)
    return resourceField(
      scope.pod,
      { containerName: scope.container.name, ...valueFrom.resourceFieldRef },
      scope.lookups,
    );
  if (valueFrom.configMapKeyRef) return keyOf('configmap', valueFrom.configMapKeyRef, scope);
  if (valueFrom.secretKeyRef) return keyOf('secret', valueFrom.secretKeyRef, scope);
  return '';
}

function keyOf(kind: 'configmap' | 'secret', ref: KeyRef, { pod, lookups }: Scope): string | undefined {
  const namespace = pod.metadata.namespace ?? 'default';
  const name = ref.name ?? '';
  const object = kind === 'configmap' ? lookups.configMap(namespace, name) : lookups.secret(namespace, name);
  if (!object && ref.optional === true) return undefined;
  if (!object) throw new ConfigTrouble(`${kind} "${name}" not found`);
  const value = valuesOf(object).get(ref.key);
  if (value) return decode(value);
  if (ref.optional === true) return undefined;
  throw new ConfigTrouble(
    `couldn't find key ${ref.key} in ${kind === 'configmap' ? 'ConfigMap' : 'Secret'} ${namespace}/${name}`,
  );
}

/** `limits.cpu` and the like, in units of the divisor, rounded up. */
export function resourceField(
  pod: Pod,
  ref: { resource: string; containerName?: string; divisor?: string },
  lookups: Lookups,
): string {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const resources = all.find(({ name }) => name === ref.containerName)?.resources;
  const [list = '', resource = ''] = ref.resource.split('.');
  const limit = resources?.limits?.[resource];
  const standard = resource === 'cpu' ? lookups.node.cpu : lookups.node.memory;
  const quantity = list === 'limits' ? (limit ?? standard) : (resources?.requests?.[resource] ?? limit ?? '0');
  const amount = resource === 'cpu' ? milli(quantity) / 1000 : units(quantity);
  return String(Math.ceil(amount / unitOf(ref.divisor === '0' ? '1' : ref.divisor)));
}

function addService(env: Map<string, string>, { metadata, spec }: Service): void {
  const [first] = spec.ports ?? [];
  if (!first || !spec.clusterIP || spec.clusterIP === 'None') return;
  const prefix = (metadata.name ?? '').toUpperCase().replaceAll('-', '_');
  env.set(`${prefix}_SERVICE_HOST`, spec.clusterIP);
  env.set(`${prefix}_SERVICE_PORT`, String(first.port));
  env.set(`${prefix}_PORT`, `${(first.protocol ?? 'TCP').toLowerCase()}://${spec.clusterIP}:${first.port}`);
  for (const { name, port, protocol = 'TCP' } of spec.ports ?? []) {
    if (name) env.set(`${prefix}_SERVICE_PORT_${name.toUpperCase().replaceAll('-', '_')}`, String(port));
    const base = `${prefix}_PORT_${port}_${protocol}`;
    env.set(base, `${protocol.toLowerCase()}://${spec.clusterIP}:${port}`);
    env.set(`${base}_PROTO`, protocol.toLowerCase());
    env.set(`${base}_PORT`, String(port));
    env.set(`${base}_ADDR`, spec.clusterIP);
  }
}

/** `$(NAME)` with a known name; `$$` is a dollar. */
export function substitute(text: string, env: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (whole, name?: string) =>
    name === undefined ? '$' : (env.get(name) ?? whole),
  );
}

/** R-KUBELET-5: `command` replaces the image's entry point and its arguments; `args` alone replaces the arguments. */
export function commandOf(container: ContainerSpec, image: Image, env: ReadonlyMap<string, string>): string[] {
  const own = container.command && container.command.length > 0;
  const entry = own ? (container.command ?? []) : image.entrypoint;
  const args = container.args && container.args.length > 0 ? container.args : own ? [] : image.cmd;
  return [...entry, ...args].map((part) => substitute(part, env));
}
